"""What docs/api.md shows works as it stands there."""

import datetime as dt
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from core import time
from core.outgoing.signing import secret_new, sign

DOC = Path(settings.BASE_DIR) / "docs/api.md"
BODY = '{"type": "customer.created", "é": 1}'.encode()


def test_the_documented_check_in_python_believes_only_what_was_signed_now():
    (shown,) = [
        block for block in re.findall(r"```python\n(.*?)```", DOC.read_text(), re.S) if "verified" in block
    ]
    names: dict[str, Any] = {}
    exec(compile(shown, "docs/api.md", "exec"), names)
    secret, old = secret_new(), secret_new()
    headers = sign(BODY, message_id="msg_1", at=time.now(), secrets_in_use=[secret, old])
    assert names["verified"](secret, headers, BODY) and names["verified"](old, headers, BODY)
    assert not names["verified"](secret, headers, BODY + b" ")
    assert not names["verified"](secret_new(), headers, BODY)
    late = sign(BODY, message_id="msg_1", at=time.now() - dt.timedelta(minutes=6), secrets_in_use=[secret])
    assert not names["verified"](secret, late, BODY)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_the_documented_check_in_the_shell_gives_the_signature(tmp_path):
    start, end = "    key=$(printf", "| base64      #"
    text = DOC.read_text()
    lines = text[text.index(start) : text.index(end)] + "| base64"
    (tmp_path / "body.json").write_bytes(BODY)
    secret = secret_new()
    headers = sign(BODY, message_id="msg_1", at=time.now(), secrets_in_use=[secret])
    environment = {
        **os.environ,
        "SECRET": secret,
        "WEBHOOK_ID": "msg_1",
        "WEBHOOK_TIMESTAMP": headers["webhook-timestamp"],
    }
    said = subprocess.run(
        ["bash", "-c", lines], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert f"v1,{said.stdout.strip()}" == headers["webhook-signature"]
