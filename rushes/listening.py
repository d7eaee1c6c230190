"""The address at which the web server listens."""

import socket

from rushes.trouble import CannotStart


def bound(host: str, port: int) -> socket.socket:
    """Raises `CannotStart`."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
        # Inherited by each connection: a short answer that waits for more to send costs its reader 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except socket.gaierror as error:
        raise CannotStart(
            f"RUSHES_WEB_HOST is {host}, which is no address of this machine", "Set it to 127.0.0.1 or to one that is"
        ) from error
    except OSError as error:
        raise CannotStart(
            f"RUSHES_WEB_PORT is {port}, which cannot be used on {host} ({error.strerror})",
            "Stop what listens there, or set it to another port",
        ) from error
    return listener
