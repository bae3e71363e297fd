// Makes the pages pleasanter; every page works without it.
"use strict";
(() => {
  const shortestPause = 2000;
  const framed = window.parent !== window;

  // Inside Airflow the pages wear Airflow's own light or dark, not the system's.
  const wearTheme = () => {
    const classes = window.parent.document.documentElement.classList;
    const theme = classes.contains("dark") ? "dark" : classes.contains("light") ? "light" : "";
    document.documentElement.dataset.theme = theme;
  };
  if (framed) {
    try {
      wearTheme();
      new MutationObserver(wearTheme).observe(window.parent.document.documentElement, {
        attributes: true,
        attributeFilter: ["class"],
      });
    } catch {
      // A frame of another origin: the system's theme it is.
    }
  }

  // Day first with the month as a word, as the pages write every other date.
  const format = new Intl.DateTimeFormat("en-GB", {
    year: "numeric", month: "short", day: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const showLocalTimes = (within) => {
    for (const element of within.querySelectorAll("time[datetime]")) {
      const moment = new Date(element.dateTime);
      if (!Number.isNaN(moment.getTime())) {
        element.title = element.textContent;
        element.textContent = format.format(moment);
      }
    }
  };

  // Airflow's frame allows no new tabs, so the tab is opened by the page around it.
  const openOutside = (event) => {
    const link = event.target.closest("a[data-out]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !framed || !plain) return;
    try {
      const outside = window.parent.document.createElement("a");
      outside.href = link.href;
      outside.target = "_blank";
      outside.rel = "noopener noreferrer";
      outside.click();
      event.preventDefault();
    } catch {
      // Let the browser do what it can with the link itself.
    }
  };

  const fetched = new Map();
  const swapParts = (fresh) => {
    for (const part of document.querySelectorAll("[data-part]")) {
      const next = fresh.getElementById(part.id);
      if (!next) return false;
      const busy = part.contains(document.activeElement) || part.querySelector("details[open]");
      if (busy || fetched.get(part.id) === next.outerHTML) continue;
      fetched.set(part.id, next.outerHTML);
      const adopted = document.adoptNode(next);
      showLocalTimes(adopted);
      part.replaceWith(adopted);
    }
    return true;
  };

  // A run at work: fetch this very page again and again, and swap the parts that changed.
  const follow = async () => {
    const begun = performance.now();
    let pause = shortestPause;
    try {
      const answer = await fetch(window.location.href, { cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) return window.location.reload();
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!swapParts(fresh)) return window.location.reload();
        document.title = fresh.title;
        if (!("live" in fresh.body.dataset)) return undefined;
      }
    } catch {
      pause = 5 * shortestPause;
    }
    window.setTimeout(whenSeen, Math.max(pause, 5 * (performance.now() - begun)));
    return undefined;
  };
  const whenSeen = () => {
    if (!document.hidden) return void follow();
    document.addEventListener("visibilitychange", whenSeen, { once: true });
    return undefined;
  };

  document.addEventListener("DOMContentLoaded", () => {
    showLocalTimes(document);
    document.addEventListener("click", openOutside);
    for (const choice of document.querySelectorAll("select[data-submit]")) {
      choice.addEventListener("change", () => choice.form.requestSubmit());
    }
    if ("live" in document.body.dataset) window.setTimeout(whenSeen, shortestPause);
  });
})();
