"""Watch a book: what is saved is made at once and shown in the browser, and the whole edition behind it.

Place in the flow: the command `watch`. Three things go on: a server that shows the `Board`, files that are
watched and handed to the `Session`, and the `Whole` book in a process of its own.
"""

import gc
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn
import watchfiles

from press import lastpass, pipeline
from press.laying import TEMPLATES
from press.pdf import edition
from press.viewer import Board, application
from press.watching import Session
from press.whole import Whole

HOST = "127.0.0.1"
TOGETHER, STEP, LOOK = 50, 5, 200  # milliseconds: changes that belong together, between two looks, until the next turn

# The files of a book, and of the design, by their endings.
WATCHED = {".yaml", ".py", ".bib", ".css", ".html", ".txt", ".csv", ".ttf", ".png", ".jpg", ".jpeg"}


class Watch:
    """A book that is watched: its session, its board, and the whole edition behind."""

    def __init__(self, folder: Path, out: Path, tell: Callable[[str], None]) -> None:
        self.folder, self.out, self.tell = folder.resolve(), out.resolve(), tell
        self.session, self.board = Session(self.folder), Board()
        self.whole = Whole(self.folder, self.out)

    def begin(self) -> None:
        """Show what there is, read the book, and see whether the edition is of today."""
        self.board.tell("reading the book")
        problems = self.session.reload()
        self.show_whole()
        if problems:
            self.board.tell("the book has faults", [f"{problem}" for problem in problems])
        elif not self.is_current():
            self.whole.later()
            self.board.tell("the whole book is being made")
        else:
            self.board.tell("the whole book is of today")

    def folders(self) -> list[Path]:
        """Return what is watched: the tree, its figures, the design."""
        figures = (
            self.session.context.book.path(self.session.context.book.meta.figures) if self.session.context else None
        )
        found = [self.folder, TEMPLATES, *([figures] if figures else [])]
        return [folder for folder in dict.fromkeys(found) if folder.is_dir()]

    def changed(self, files: set[Path]) -> None:
        """Make the pages that some changed files touch, and the whole book when it is quiet."""
        wanted = {file for file in files if not file.name.startswith(".") and "__pycache__" not in file.parts}
        wanted = {file for file in wanted if file.suffix.lower() in WATCHED}
        if not wanted:
            return
        made = self.session.change(wanted)
        self.board.show_made(made, self.session.page_of)
        if not made.sheets and not made.problems:  # the style, or a drawing that came out as it was
            self.board.tell("the whole book is made as soon as it is quiet")
        self.whole.later()
        self.tell(f"{', '.join(made.keys) or 'the book'}: {len(made.sheets)} pages in {made.seconds:.2f} s")
        for problem in made.problems:
            self.tell(f"{problem}")
        gc.collect()

    def look(self) -> None:
        """See what has become of the whole book."""
        was = self.whole.process
        if ended := self.whole.poll():
            if ended.is_made:
                self.show_whole()
                self.board.tell("the whole book is made and agrees with its tree")
                self.session.last = lastpass.last_pass(pipeline.CACHE, self.folder)
            else:
                self.board.tell("the whole book has faults", ended.lines)
        elif self.whole.process is not was and self.whole.process:
            self.board.tell("the whole book is being made")

    def show_whole(self) -> None:
        """Show the pages of the last edition."""
        if self.session.context is None:
            return
        path = self.out / f"{self.session.context.book.meta.file}-a4.pdf"
        if path.is_file():
            last = lastpass.last_pass(pipeline.CACHE, self.folder)
            self.board.show_whole(path, last.spans, last.margins)

    def is_current(self) -> bool:
        """Say whether the last edition was made from the tree as it is."""
        assert self.session.context
        manifest = edition.read_manifest(self.out, self.session.context.book.meta.file)
        return manifest is not None and manifest.inputs == pipeline.inputs_of(self.session.context.book)


def run(
    folder: Path, out: Path, tell: Callable[[str], None], opened: Callable[[str], None], stop: threading.Event
) -> None:
    """Watch a book until `stop` is set; `opened` is told the address of the page."""
    watch = Watch(folder, out, tell)
    listener = socket.socket()
    listener.bind((HOST, 0))
    listener.listen()  # whoever is told the address is heard, if not answered yet
    server = uvicorn.Server(uvicorn.Config(application(watch.board), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        opened(f"http://{HOST}:{listener.getsockname()[1]}/")
        watch.begin()
        turns = watchfiles.watch(
            *watch.folders(),
            debounce=TOGETHER,
            step=STEP,
            rust_timeout=LOOK,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
        )
        for changes in turns:
            if changes:
                watch.changed({Path(name) for _, name in changes})
            watch.look()
    finally:
        watch.whole.stop()
        server.should_exit = True
        thread.join(5)
