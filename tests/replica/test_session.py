"""Environment lines that a shell understands."""

import subprocess

from tests.replica.session import export_lines


def test_a_shell_reads_the_lines_back() -> None:
    """The printed lines set the very values, blanks and quotes included."""
    environment = {
        "http_proxy": "http://127.0.0.1:1",
        "HTTP_PROXY": "http://127.0.0.1:1",
        "https_proxy": "http://127.0.0.1:1",
        "HTTPS_PROXY": "http://127.0.0.1:1",
        "no_proxy": "",
        "NO_PROXY": "",
        "SSL_CERT_FILE": "/a folder/it's/ca.pem",
    }
    lines = export_lines(environment)
    assert len(lines.splitlines()) == 3
    names = sorted(environment)
    script = lines + "".join(f'\nprintf "%s\\n" "${name}"' for name in names)
    shell = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True)
    assert shell.stdout.split("\n")[:-1] == [environment[name] for name in names]
