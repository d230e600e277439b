"""What a self-contained page may load: nothing but its own scripts and styles, by their hashes."""

import base64
import hashlib
import re

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; font-src data:; "
    "script-src {scripts}; style-src {styles}"
)
BLOCK = {
    "scripts": re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.S),
    "styles": re.compile(r"<style([^>]*)>(.*?)</style>", re.S),
}
CHARSET = re.compile(r"<meta charset=\"utf-8\"\s*/?>", re.I)


def sealed(html: str) -> str:
    """Give a self-contained page a policy that allows, by hash, its own scripts and styles only."""
    found = {}
    for kind, pattern in BLOCK.items():
        blocks = [text for attributes, text in pattern.findall(html) if "json" not in attributes]
        found[kind] = " ".join(sorted({f"'sha256-{_digest(text)}'" for text in blocks})) or "'none'"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(**found)}">'
    return CHARSET.sub(lambda tag: tag[0] + "\n" + policy, html, count=1)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
