"""`make audit`: known weaknesses of pinned packages, by pip-audit. Fails where there are some; says so, and fails nothing, where
no database of advisories could be asked."""

import json
import subprocess
import sys


def audited(files: list[str]) -> list[dict] | None:
    """What pip-audit says of each package; None where it could ask nobody."""
    wanted = [part for file in files for part in ("-r", file)]
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pip_audit",
                *wanted,
                "--no-deps",
                "--disable-pip",
                "--progress-spinner",
                "off",
                "--format",
                "json",
            ],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None


def main(files: list[str]) -> int:
    packages = audited(files)
    known = [package for package in packages or () if "skip_reason" not in package]
    if not known:
        print("nnviz: NOTHING WAS AUDITED: no database of advisories could be reached (or pip-audit is not installed).")
        return 0
    weak = [package for package in known if package["vulns"]]
    for package in weak:
        for weakness in package["vulns"]:
            mended = ", ".join(weakness.get("fix_versions") or ()) or "not mended yet"
            print(f"{package['name']} {package['version']}: {weakness['id']} (mended in: {mended})")
    for package in packages or ():
        if "skip_reason" in package:
            print(f"{package['name']}: not audited ({package['skip_reason']})")
    print(f"nnviz: {len(known)} of {len(packages or ())} pinned packages audited, {len(weak)} with known weaknesses")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
