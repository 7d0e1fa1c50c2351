"""Open any page of the app without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parent.parent.parent
WAIT_S = 180


def open_page(name: str, **address: str) -> AppTest:
    """Run the app and turn to a page of views/."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_S)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(str(ROOT / "views" / f"{name}.py")) if name != "explore" else None
    app.run()
    assert not app.exception, app.exception
    return app
