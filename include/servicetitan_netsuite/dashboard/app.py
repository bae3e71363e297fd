"""The web application: pages about runs, read-only. Login and permissions are given to it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException as StarletteHTTPException

from servicetitan_netsuite.dashboard import spreadsheet, views
from servicetitan_netsuite.dashboard.headers import SafeHeaders
from servicetitan_netsuite.dashboard.rendering import Renderer
from servicetitan_netsuite.errors import SyncError
from servicetitan_netsuite.ledger import pages
from servicetitan_netsuite.ledger.engine import Ledger
from servicetitan_netsuite.ledger.migrations import open_ledger
from servicetitan_netsuite.ledger.pages import DocumentFilter

log = logging.getLogger(__name__)
T = TypeVar("T")

DagId = Annotated[str, Query(min_length=1, max_length=250)]
RunId = Annotated[str, Query(min_length=1, max_length=250)]
Generation = Annotated[int, Query(ge=0, le=1_000_000)]
Word = Annotated[str, Query(max_length=200)]
NetSuiteBase = Callable[[str], str | None]

_REFUSALS = {
    401: ("Please log in", "Your login to Airflow has ended. Log in again, then reload this page."),
    403: (
        "Not for you",
        "You may not read this Dag. Ask whoever manages Airflow for access to it.",
    ),
    404: ("Not found", "There is no such page, or it belongs to another Dag."),
    422: ("Not understood", "The address of this page is not complete. Open it from its tab."),
}


def create_app(
    ledger_url: Callable[[], str],
    may_read: Callable[..., Any],
    netsuite_base: NetSuiteBase = lambda dag_id: None,
) -> FastAPI:
    """The dashboard.

    Args:
        ledger_url: where the ledger is, asked for at the first request that reads it.
        may_read: a FastAPI dependency on the query's `dag_id` that raises HTTP 401 for a stranger
            and 403 for one who may not read that Dag; every page depends on it.
        netsuite_base: the address of NetSuite's own screens for a Dag's tenant, None for no links.
    """
    app = FastAPI(title="Sync results", docs_url=None, redoc_url=None, openapi_url=None)
    render = Renderer()
    routes = _Pages(_OneLedger(ledger_url), render, netsuite_base)
    app.include_router(routes.router(), dependencies=[Depends(may_read)])
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_middleware(SafeHeaders)
    _explain_errors(app, render)
    return app


class _OneLedger:
    """Opens the ledger once, when first asked for; tries again after a failure."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._ledger: Ledger | None = None

    def __call__(self) -> Ledger:
        with self._lock:
            if self._ledger is None:
                self._ledger = open_ledger(self._url())
            return self._ledger


def _wanted(
    state: Word = "", type: Word = "", text: Word = "", cause: Word = "", key: Word = ""
) -> DocumentFilter:
    text, (name, _, part) = text.strip(), type.partition(".")
    return DocumentFilter(state, name, text, views.searched_amount(text), cause, key, part)


def _existing(found: T | None) -> T:
    if found is None:
        raise HTTPException(404)
    return found


class _Pages:
    """The routes. Each is a plain function: FastAPI runs it in a thread, off the event loop."""

    def __init__(self, ledger: _OneLedger, render: Renderer, netsuite_base: NetSuiteBase) -> None:
        self._ledger = ledger
        self._render = render
        self._netsuite_base = netsuite_base

    def router(self) -> APIRouter:
        """The pages with their paths."""
        router = APIRouter(default_response_class=HTMLResponse)
        router.add_api_route("/latest", self.latest, methods=["GET"])
        router.add_api_route("/run", self.run, methods=["GET"])
        router.add_api_route("/document", self.document, methods=["GET"])
        router.add_api_route("/documents.csv", self.documents_csv, methods=["GET"])
        return router

    def latest(self, dag_id: DagId) -> HTMLResponse:
        """The newest run of a Dag, and the runs before it."""
        ledger = self._ledger()
        page = pages.latest_run(ledger, dag_id)
        if page is None:
            return self._no_pages(dag_id)
        runs = pages.recent_runs(ledger, dag_id)
        if views.is_master_data(dag_id):
            return self._html(
                "master.html", {**views.master_view(ledger, page), "runs": runs}, dag_id
            )
        shown = views.run_view(ledger, page, DocumentFilter(), 1)
        return self._html("run.html", {**shown, "runs": runs, "latest": True}, dag_id)

    def run(
        self,
        dag_id: DagId,
        run_id: RunId,
        wanted: Annotated[DocumentFilter, Depends(_wanted)],
        generation: Generation = 0,
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    ) -> HTMLResponse:
        """One run, with the documents that the filter asks for."""
        ledger = self._ledger()
        found = pages.find_run(ledger, dag_id, run_id, generation)
        if found is None:
            return self._no_pages(dag_id, run_id)
        if views.is_master_data(dag_id):
            return self._html(
                "master.html", {**views.master_view(ledger, found), "runs": []}, dag_id
            )
        shown = views.run_view(ledger, found, wanted, page)
        return self._html("run.html", {**shown, "runs": [], "latest": False}, dag_id)

    def document(
        self,
        dag_id: DagId,
        run_id: RunId,
        type: Word,
        source_id: Word,
        part: Word = "",
        generation: Generation = 0,
    ) -> HTMLResponse:
        """One document of a run, with its whole history."""
        ledger = self._ledger()
        found = _existing(pages.find_run(ledger, dag_id, run_id, generation))
        row = _existing(pages.document(ledger, found, type, source_id, part))
        return self._html("document.html", views.document_view(ledger, found, row), dag_id)

    def documents_csv(
        self,
        dag_id: DagId,
        run_id: RunId,
        wanted: Annotated[DocumentFilter, Depends(_wanted)],
        generation: Generation = 0,
    ) -> Response:
        """The documents that the filter asks for, as a file for a spreadsheet."""
        ledger = self._ledger()
        found = _existing(pages.find_run(ledger, dag_id, run_id, generation))
        rows = pages.every_document(ledger, found, wanted)
        name = spreadsheet.file_name(found)
        return StreamingResponse(
            spreadsheet.lines(found, rows, self._netsuite_base(dag_id)),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _html(self, template: str, shown: dict[str, Any], dag_id: str) -> HTMLResponse:
        base = self._netsuite_base(dag_id)
        return HTMLResponse(self._render(template, netsuite_base=base, **shown))

    def _no_pages(self, dag_id: str, run_id: str = "") -> HTMLResponse:
        return HTMLResponse(
            self._render(
                "nothing.html", dag_id=dag_id, run_id=run_id, tenant=views.tenant_of(dag_id)
            )
        )


def _explain_errors(app: FastAPI, render: Renderer) -> None:
    def explain(status: int, title: str, text: str) -> HTMLResponse:
        return HTMLResponse(render("message.html", title=title, text=text), status)

    def refused(_: Request, error: Exception) -> HTMLResponse:
        status = error.status_code if isinstance(error, StarletteHTTPException) else 422
        title, text = _REFUSALS.get(status, ("Not possible", "This page cannot be shown."))
        return explain(status, title, text)

    def broken(_: Request, error: Exception) -> HTMLResponse:
        log.error("The dashboard could not read the ledger", exc_info=error)
        text = str(error) if isinstance(error, SyncError) else "The ledger cannot be read just now."
        return explain(503, "The ledger is not available", text)

    app.add_exception_handler(StarletteHTTPException, refused)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(SyncError, broken)
    app.add_exception_handler(SQLAlchemyError, broken)
