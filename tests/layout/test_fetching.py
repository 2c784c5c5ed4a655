"""WeasyPrint is given the files of the design and nothing else, however their address is written."""

import pytest

from press.layout.engine import Fetcher


@pytest.fixture
def design(tmp_path):
    """A folder of templates with a file, and beside it what is not of the design, one with a name that begins alike."""
    for file in ("templates/book.css", "templates-evil/book.css", "secret.txt"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(f"/* {file} */")
    (tmp_path / "templates" / "link.txt").symlink_to(tmp_path / "secret.txt")
    return tmp_path / "templates"


@pytest.mark.parametrize("address", ["{}/book.css", "{}/%62ook.css", "{}/../templates/book.css", "{}/book.css?a#b"])
def test_a_file_of_the_design_is_given(design, address):
    response = Fetcher(design).fetch(address.format(design.as_uri()))
    assert b"templates/book.css" in response.read()
    response.close()


@pytest.mark.parametrize(
    "address",
    [
        "{}-evil/book.css",
        "{}/../secret.txt",
        "{}/%2e%2e/secret.txt",
        "{}/%2E%2E%2Fsecret.txt",
        "{}/..%2Ftemplates-evil/book.css",
        "{}/link.txt",
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "file:/etc/passwd",
    ],
)
def test_what_is_outside_is_refused(design, address):
    with pytest.raises(ValueError, match="outside the templates folder"):
        Fetcher(design).fetch(address.format(design.as_uri()))


@pytest.mark.parametrize("scheme", ["http", "https", "ftp", "data"])
def test_no_other_protocol_is_spoken(design, scheme):
    with pytest.raises(ValueError):
        Fetcher(design).fetch(f"{scheme}://{design}/book.css")
