"""What a function pays for at its cold start."""

import subprocess
import sys


def test_importing_pays_nothing_for_signing():
    program = "import sys, cari_evidence.signing; sys.exit('joserfc' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
