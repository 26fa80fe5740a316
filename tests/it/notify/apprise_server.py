"""The notify endpoints of the Apprise API around the library that its server uses. Prints its port.

POST /notify/KEY sends to the configuration of that key, POST /notify to the URLs of the request, as in
https://github.com/caronc/apprise-api#api-details.

apprise_server.py KEY=URL…
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import apprise

CONFIGURATIONS = dict(argument.split("=", 1) for argument in sys.argv[1:])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        parts = self.path.strip("/").split("/")
        notifier = apprise.Apprise()
        if parts[0] != "notify" or len(parts) > 2:
            return self.answer(404, "not found")
        if len(parts) == 2:
            url = CONFIGURATIONS.get(parts[1])
            if url is None:
                return self.answer(204, "")
            notifier.add(url, tag="phone")
        else:
            for url in apprise.utils.parse.parse_urls(request["urls"]):
                notifier.add(url)
        if not request.get("body") or request.get("type") not in apprise.NOTIFY_TYPES:
            return self.answer(400, "payload lacks minimum requirements")
        is_sent = notifier.notify(
            body=request["body"],
            title=request.get("title", ""),
            notify_type=request["type"],
            body_format=request.get("format"),
            tag=request.get("tag") or apprise.common.MATCH_ALL_TAG,
        )
        if is_sent:
            return self.answer(200, "Notification(s) sent.")
        return self.answer(424, "One or more notification could not be sent.")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
