from support.sandbox import make_site, sandbox, site

__all__ = ["make_site", "sandbox", "site"]
