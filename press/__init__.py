"""The press: one module a stage, each a plain function over the stage before.

load (tree) -> draw (figures) -> read the texts (texts) -> set formulas (formulas) -> compose
HTML (compose) -> lay out (layout) -> measure (fit) -> finish the PDF (finish) -> read it back
(readback, check, proof). `pipeline` strings them together; nothing here names a topic.
"""
