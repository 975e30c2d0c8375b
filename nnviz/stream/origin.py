"""Who may speak to our routes."""

from urllib.parse import urlsplit

from streamlit import get_option


def allowed(origin: str | None, host: str | None) -> bool:
    """Whether a page of `origin` may: our own host, or one listed in `server.corsAllowedOrigins`. Programs that are no
    browser send no origin; another site's page always does."""
    if origin is None or urlsplit(origin).netloc == host:
        return True
    return origin in (get_option("server.corsAllowedOrigins") or ())
