"""Whether somebody has logged in by `st.login`: read from the signed cookie that Streamlit gives them, with its own functions,
so that sockets, uploads and downloads ask the same as pages do."""

import logging

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from streamlit.auth_util import get_origin_from_redirect_uri, get_secrets_auth_section, validate_auth_credentials
from streamlit.errors import Error as StreamlitError
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks, _parse_decoded_user_cookie

from nnviz.errors import RequestError

PROVIDER = "default"
log = logging.getLogger(__name__)


def is_logged_in(headers: Headers) -> bool:
    """Whether the request carries an unexpired cookie that this server signed for its own address."""
    try:
        cookie = _get_signed_cookie_with_chunks(cookie_parser("; ".join(headers.getlist("cookie"))), USER_COOKIE_NAME)
        if not cookie:
            return False
        return _parse_decoded_user_cookie(cookie, get_origin_from_redirect_uri() or "").get("is_logged_in") is True
    except Exception as error:
        # whatever is wrong with a cookie, it is not one of somebody who has logged in
        log.warning("a login cookie could not be read: %s", type(error).__name__)
        return False


def check_settings() -> None:
    """Whether `.streamlit/secrets.toml` says with whom one logs in. Raises RequestError."""
    try:
        validate_auth_credentials(PROVIDER)
        missing = not get_secrets_auth_section() or not get_origin_from_redirect_uri()
    except StreamlitError as error:
        raise RequestError(
            "NNVIZ_ACCESS=login: " + " ".join(str(error).split())[:300],
            remedy="See docs/security.md for [auth] in .streamlit/secrets.toml.",
        ) from error
    if missing:
        raise RequestError("NNVIZ_ACCESS=login needs [auth] in .streamlit/secrets.toml", remedy="See docs/security.md.")


def login_address() -> str:
    """Where a browser begins to log in."""
    from streamlit.auth_util import encode_provider_token

    return f"/auth/login?provider={encode_provider_token(PROVIDER)}"
