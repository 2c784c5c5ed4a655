# The book without installing anything but Docker (or Podman):
#   docker build -t book . && docker run --rm -v "$PWD/dist:/book/dist" book
# Its Pango (1.50.12) is the one with which the pages of the visual test were looked at.
FROM debian:12
WORKDIR /book
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends make python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/*
# The packages first: they change more seldom than the book.
COPY Makefile pyproject.toml ./
COPY tools tools
COPY press/__init__.py press/
COPY press/layout/__init__.py press/layout/needs.py press/layout/
RUN make ready
COPY . .
CMD ["make", "book"]
