"""A page names every module that it will need, so that none has to be found out first."""

from monitor.feed_door import read_pages
from monitor.page_links import linked
from monitor.texts_dir import read_texts
from tests.house import ROOT


def test_every_module_at_any_depth_is_linked_once() -> None:
    """In the order of need; circles, strangers and other pages' modules are not."""
    scripts = {
        "/a.js": 'import { b } from "./b.js";\nimport "./c.js";',
        "/b.js": 'import { c } from "./c.js"; import { a } from "./a.js";',
        "/c.js": 'import { gone } from "./gone.js";\nexport * from "./d.js";',
        "/d.js": "",
        "/other.js": "",
    }
    page = '<head>\n  <script type="module" src="/a.js"></script>\n</head>'
    links = "".join(f'<link rel="modulepreload" href="/{name}.js" />\n' for name in "bcd")
    assert linked(page, scripts) == page.replace("<head>\n", f"<head>\n{links}")


def test_a_page_without_modules_stays_as_it_is() -> None:
    """Nothing is added to what needs nothing."""
    assert linked("<head>\n</head>", {"/a.js": ""}) == "<head>\n</head>"


def test_the_hub_serves_its_pages_with_links() -> None:
    """The wall names its chart; the answer for "/" is the page as it is served by its name."""
    pages = read_pages(ROOT / "monitor" / "web", None, read_texts())
    assert b'<link rel="modulepreload" href="/strip.js" />' in pages["/"].body
    assert pages["/"] == pages["/index.html"]
