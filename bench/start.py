"""How long a web process takes from nothing to its first answer, and what of it is our own."""

import subprocess
import sys
import time

PROGRAMS = {
    "python alone": "pass",
    "import flask and sqlalchemy": "import flask, flask_sqlalchemy, flask_migrate, flask_wtf",
    "create_app and one answer": (
        "from stockscore import create_app\n"
        "app = create_app({'DATABASE_URL': 'sqlite://'})\n"
        "assert app.test_client().get('/healthz').status_code == 200"
    ),
}
ROUNDS = 5


def best_of(program: str) -> float:
    """Seconds of the fastest of a few runs."""
    times = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        times.append(time.perf_counter() - before)
    return min(times)


for label, program in PROGRAMS.items():
    print(f"{label:30} {best_of(program):6.3f} s")
