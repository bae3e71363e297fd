from support.sandbox import make_shared_site, make_site, sandbox

__all__ = ["make_shared_site", "make_site", "sandbox"]
