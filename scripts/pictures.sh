#!/usr/bin/env bash
# Creates the pictures of the README from the output of the programs, with a database that the demo fills:
# docs/images/map.png, the start page in a browser, docs/images/terminal.svg, two commands in a terminal, and
# docs/images/message.png, a message of a watch.
# PROGRAMS names the folder of the two programs. If it is not set, the programs are built.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

need chromium chromium
need pngquant pngquant
need python3 python3
if [[ -z ${PROGRAMS:-} ]]; then
  cargo build --release --locked
  PROGRAMS=target/release
fi
PATH=$(realpath "$PROGRAMS"):$PATH
# A fixed day in summer, so that the pictures always show the same bookings.
day=2026-07-16 next_day=2026-07-17
directory=$(mktemp -d)
service=
trap '[[ -z $service ]] || kill "$service"; [[ -z ${NTFY_PID:-} ]] || kill "$NTFY_PID"; rm -rf "$directory"' EXIT
export DATABASE_URL=sqlite://$directory/huts.db

step "the demo fills a database"
update-availability --demo --quiet --as-of "${day}T10:00:00Z" >/dev/null
update-availability --demo --quiet --as-of "${next_day}T10:00:00Z" >/dev/null

step "docs/images/map.png"
mkdir -p docs/images
: >"$directory/serve.log"
hut-availability serve --listen 127.0.0.1:0 --as-of "${next_day}T10:00:00Z" 2>"$directory/serve.log" &
service=$!
until grep -q "listening on" "$directory/serve.log"; do
  kill -0 "$service"
  sleep 0.1
done
url=$(grep -o 'http://[0-9.:]*' "$directory/serve.log" | head -n 1)
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$directory/browser" \
  --window-size=1400,880 --screenshot="$directory/map.png" "$url/?places=2" 2>/dev/null
pngquant --force --output docs/images/map.png "$directory/map.png"

step "docs/images/message.png"
# The first message of a watch, as an ntfy server gets it, drawn like a notification of a phone.
cat >"$directory/ntfy.py" <<'PYTHON'
"""Takes one message like an ntfy server, and writes it as a page."""
import html, http.server, json, sys


class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        title, text = html.escape(message["title"]), html.escape(message["message"])
        with open(sys.argv[1], "w") as page:
            page.write(f"""<meta charset=utf-8><style>
body{{margin:0;padding:24px;background:#c9d6df;font:15px/1.45 sans-serif}}
div{{background:#fff;border-radius:18px;padding:16px 20px;box-shadow:0 2px 8px #0003;width:640px}}
small{{color:#667}}p{{margin:6px 0 0;white-space:pre-wrap}}</style>
<div><small>ntfy · now</small><br><b>{title}</b><p>{text}</p></div>""")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Server)
print(server.server_port, flush=True)
server.handle_request()
PYTHON
coproc NTFY { python3 "$directory/ntfy.py" "$directory/message.html"; }
read -r port <&"${NTFY[0]}"
printf '[channels.me]\nkind = "ntfy"\nurl = "http://127.0.0.1:%s/huts"\n' "$port" >"$directory/channels.toml"
export AVAILABILITY_CHANNELS=$directory/channels.toml
hut-availability watches add weekend --hut glecksteinhuette-sac --from 2026-07-17 --to 2026-07-24 --nights 2 \
  --places 4 --weekday fri --notify me --as-of "${next_day}T10:00:00Z" 2>/dev/null
hut-availability notify --as-of "${next_day}T10:00:00Z" >/dev/null
if [[ ! -s $directory/message.html ]]; then
  echo "the watch sent no message: choose a hut with room for it" >&2
  exit 1
fi
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$directory/browser" \
  --window-size=728,420 --screenshot="$directory/message.png" "file://$directory/message.html" 2>/dev/null
pngquant --force --output docs/images/message.png "$directory/message.png"

step "docs/images/terminal.svg"
python3 - docs/images/terminal.svg <<'PYTHON'
"""Runs commands on a terminal and draws their output, colours and all, as an SVG."""
import fcntl, html, os, pty, re, struct, sys, termios

COLUMNS, LINES = 104, 40
AS_OF = "--as-of=2026-07-17T10:00:00Z"
COMMANDS = ["hut-availability map weekend --min-free 5 --sort free", "hut-availability hut konkordiahuette-sac"]
# The colours of ANSI escapes: 0 to 7, and their bright forms.
PALETTE = ["#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#c9d1d9",
           "#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#f0f6fc"]
TEXT, BACKGROUND = "#c9d1d9", "#0d1117"
CELL_WIDTH, LINE_HEIGHT, FONT_SIZE, MARGIN = 8.0, 18, 13.3, 16


def output_of(command):
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color")
        os.environ.pop("NO_COLOR", None)
        os.execvp("sh", ["sh", "-c", f"exec {command} {AS_OF}"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    parts = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            part = b""
        if not part:
            break
        parts.append(part)
    _, status = os.waitpid(child, 0)
    if status:
        sys.exit(f"{command} failed: {b''.join(parts).decode()}")
    return b"".join(parts).decode().replace("\r\n", "\n").rstrip("\n").split("\n")


def indexed(codes):
    """The colour of `5;N`, and the codes after it."""
    number = codes[1]
    if number < 16:
        return PALETTE[number], codes[2:]
    if number >= 232:
        return "#" + f"{8 + (number - 232) * 10:02x}" * 3, codes[2:]
    levels = [0, 95, 135, 175, 215, 255]
    number -= 16
    return "#" + "".join(f"{levels[number // base % 6]:02x}" for base in (36, 6, 1)), codes[2:]


def style_after(style, codes):
    style, codes = dict(style), codes or [0]
    while codes:
        code, codes = codes[0], codes[1:]
        if code == 0:
            style = {}
        elif code in (1, 2, 4, 7):
            style[{1: "bold", 2: "dim", 4: "underline", 7: "reverse"}[code]] = True
        elif code == 22:
            style.pop("bold", None), style.pop("dim", None)
        elif code in (38, 48):
            style["colour" if code == 38 else "ground"], codes = indexed(codes)
        elif code in (39, 49):
            style.pop("colour" if code == 39 else "ground", None)
        elif code % 10 < 8 and code // 10 in (3, 4, 9, 10):
            bright = 8 if code >= 90 else 0
            style["colour" if code // 10 in (3, 9) else "ground"] = PALETTE[code % 10 + bright]
    return style


def draw_line(line, y):
    style, column, texts, grounds = {}, 0, "", ""
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            style = style_after(style, [int(code or 0) for code in part[2:-1].split(";")])
            continue
        if not part:
            continue
        colour, ground = style.get("colour", TEXT), style.get("ground")
        if style.get("reverse"):
            colour, ground = ground or BACKGROUND, colour
        x, width = MARGIN + column * CELL_WIDTH, len(part) * CELL_WIDTH
        column += len(part)
        if ground:
            grounds += f'<rect x="{x:g}" y="{y - 13}" width="{width:g}" height="{LINE_HEIGHT}" fill="{ground}"/>'
        if part.strip():
            extra = ' font-weight="bold"' if style.get("bold") else ""
            extra += ' opacity="0.6"' if style.get("dim") else ""
            extra += ' text-decoration="underline"' if style.get("underline") else ""
            texts += (f'<text x="{x:g}" y="{y}" textLength="{width:g}" lengthAdjust="spacingAndGlyphs" '
                      f'fill="{colour}"{extra}>{html.escape(part).replace(" ", "&#160;")}</text>')
    return grounds + texts


lines = []
for command in COMMANDS:
    lines += [f"\x1b[92m$\x1b[0m \x1b[1m{command}\x1b[0m", *output_of(command), ""]
lines.pop()
body, y = [], MARGIN + 13
for line in lines:
    body.append(draw_line(line, y))
    y += LINE_HEIGHT
width, height = 2 * MARGIN + COLUMNS * CELL_WIDTH, y - 13 + MARGIN
with open(sys.argv[1], "w") as svg:
    svg.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height}" '
              f'viewBox="0 0 {width:g} {height}" font-size="{FONT_SIZE}" '
              'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace">\n'
              f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>\n' + "\n".join(filter(None, body)) + "\n</svg>\n")
PYTHON
ls -l docs/images
