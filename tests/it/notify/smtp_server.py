"""A mail server. Prints its port, and then each mail that it takes, as one line of JSON.

smtp_server.py none|starttls|tls [CERTIFICATE KEY]
"""

import asyncio
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

# Clients that do not trust the certificate are part of the tests.
logging.disable()
warnings.simplefilter("ignore")

USER = LoginPassword(b"me@example.org", b"hunter2")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such user here"
        if address.startswith("full@"):
            return "452 the mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "is_encrypted": session.ssl is not None or mode == "tls",
            "user": session.auth_data and session.auth_data.login.decode(),
            "content": envelope.content.decode("ascii"),
        }
        print(json.dumps(mail), flush=True)
        return "250 taken as number 7"


def authenticate(server, session, envelope, mechanism, log_in):
    # Not handled: aiosmtpd answers a failure.
    return AuthResult(success=log_in == USER, handled=False, auth_data=log_in)


def connection():
    return SMTP(
        Handler(),
        authenticator=authenticate,
        # aiosmtpd does not notice that a connection was encrypted from the start.
        auth_require_tls=mode == "starttls",
        require_starttls=mode == "starttls",
        tls_context=context if mode == "starttls" else None,
        auth_required=mode != "none",
    )


async def serve():
    tls = context if mode == "tls" else None
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, ssl=tls)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


mode = sys.argv[1]
context = None
if mode != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
asyncio.run(serve())
