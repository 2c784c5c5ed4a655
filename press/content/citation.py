"""How a book is cited: what its CITATION.cff says, as checked values.

Place in the flow: `press.site` shows it. The file stands beside the folder of the book, in the Citation
File Format; what that format has beyond these fields is for others.
"""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from press.content.reading import read_yaml
from press.content.validation import validate
from press.problems import Problems


class Author(BaseModel):
    """A person, by family and given names, or a body, by its name."""

    model_config = ConfigDict(strict=True)

    name: str = ""
    family: str = Field("", alias="family-names")
    given: str = Field("", alias="given-names")

    @property
    def whole(self) -> str:
        """The name as one says it."""
        return self.name or f"{self.given} {self.family}".strip()


class Citation(BaseModel):
    """What is needed to cite."""

    model_config = ConfigDict(strict=True)

    title: str = Field(min_length=1)
    authors: list[Author] = Field(min_length=1)
    version: str
    released: date = Field(alias="date-released")
    url: str = ""
    doi: str = ""


def read_citation(file: Path, problems: Problems) -> Citation | None:
    """Return what a CITATION.cff says, None where there is none; faults go to `problems`."""
    if not file.is_file():
        return None
    data, lines = read_yaml(file, problems)
    return None if data is None else validate(Citation, data, file, lines, problems)
