"""The book as LaTeX, for pdflatex (Latin Modern) and lualatex (the fonts of the book and unicode-math).

One of the exports of `telling`. Names and lengths stand in the first braces of a command and words in the
last, so that `plain` can read the words back.
"""

import re

from press.pdf.story import FORMULA

NAME = "book.tex"
# Signs in words that LaTeX has in formulas alone.
LETTERS = {"σ": "sigma", "φ": "varphi", "ϕ": "phi", "Φ": "Phi", "ψ": "psi", "δ": "delta", "η": "eta", "μ": "mu"}
LETTERS |= {"⊙": "odot", "≈": "approx", "≤": "le", "≥": "ge", "∞": "infty", "→": "to", "±": "pm", "×": "times"}
SIGNS = {sign: rf"\{sign}" for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\u00a0": "~",
    "\u2011": "-",
    "\u2212": "-",
    "′": r"\ensuremath{'}",
}
SIGNS |= {sign: rf"\ensuremath{{\{name}}}" for sign, name in LETTERS.items()}
HEAD = r"""\documentclass[10pt,a4paper]{book}
\usepackage{iftex,amsmath}
\ifluatex
\usepackage{unicode-math}
\setmainfont{STIXTwoText}[Path=FONTS/,Extension=.ttf,UprightFont=*-Regular,ItalicFont=*-Italic,BoldFont=*-Bold]
\setmathfont{STIXTwoMath-Regular.ttf}[Path=FONTS/]
\else
\usepackage[T1]{fontenc}\usepackage{lmodern,amssymb,textcomp}
\fi
\usepackage[left=24mm,right=64mm,top=28mm,bottom=27mm,marginparwidth=44mm]{geometry}
\usepackage{graphicx,tabularx}
\usepackage[hidelinks]{hyperref}
\extrafloats{500}\setcounter{secnumdepth}{-2}\sloppy\raggedbottom
\newcommand\at[2]{\hyperref[#1]{#2}}
\newcommand\atpage[2]{\hyperref[#1]{#2}, p.~\pageref{#1}}
\newcommand\named[1]{\phantomsection\label{#1}}
\newcommand\drawing[3]{\includegraphics[width=#2]{#1}}
\newcommand\margin[2]{\marginpar{\raggedright\footnotesize\textbf{#1}\par #2}}
\begin{document}
"""
FORMULAS = re.compile(r"(?<!\\)\$((?:\\.|[^$\\])+)\$|\\\[(.+?)\\\]", re.DOTALL)
FIRST = re.compile(
    r"\\(?:at|atpage|named|begin|end|drawing|tag)\{[^{}]*\}(?:\{[^{}\s]*pt\}|\{\\linewidth\}\{[^{}]*\})?"
)


def document(title, body, fonts):
    """Return the whole."""
    first = "\\begin{titlepage}\\centering " + "\\par ".join(title) + "\\end{titlepage}\n\\tableofcontents\n"
    return HEAD.replace("FONTS", f"{fonts}") + first + body + "\\end{document}\n"


def words(text):
    """Return words with their signs as LaTeX has them."""
    return "".join(SIGNS.get(sign, sign) for sign in text)


def emph(inner):
    """Return emphasis."""
    return rf"\emph{{{inner}}}"


def strong(inner):
    """Return what is bold."""
    return rf"\textbf{{{inner}}}"


def code(text):
    """Return code in a line."""
    return rf"\texttt{{{words(text)}}}"


def listing(text):
    """Return lines of code."""
    lines = r"\\ ".join(words(line).replace("  ", "~ ") for line in text.splitlines() if line.strip())
    return f"\n\n\\noindent\\texttt{{{lines}}}\n\n"


def formula(key, source, typeset):
    """Return a formula: LaTeX already."""
    latex, is_display = key
    return latex if is_display else f"${latex}$"


def equation(written, name, number):
    """Return a formula on a line of its own."""
    tag = rf"\tag*{{({number})}}" if name else ""
    return f"{named(name)}\n\\[{written}{tag}\\]\n"


def named(name):
    """Return the place that a name leads to."""
    return rf"\named{{{name}}}" if name else ""


def heading(level, name, inner):
    """Return a heading."""
    return f"\n\n\\{('chapter', 'section', 'subsection')[level - 1]}{{{inner}}}{named(name)}\n\n"


def paragraph(inner):
    """Return a paragraph."""
    return f"{inner}\n\n"


def items(inners, is_numbered):
    """Return a list."""
    kind = "enumerate" if is_numbered else "itemize"
    return f"\\begin{{{kind}}}\n" + "".join(f"\\item {{}}{inner}" for inner in inners) + f"\\end{{{kind}}}\n\n"


def table(caption, name, rows):
    """Return a table below its caption."""
    lines = "".join(" & ".join(row) + "\\\\\n" for row in rows)
    columns = "X" * len(rows[0])
    body = f"\\begin{{tabularx}}{{\\linewidth}}{{{columns}}}\n{lines}\\end{{tabularx}}"
    return f"\n\n{named(name)}{caption}\n\n\\noindent {body}\n\n"


def figure(file, width, alt, caption, name):
    """Return a drawing above its caption."""
    return f"\n\n{named(name)}\\noindent\\drawing{{{file}}}{{{width:.0f}pt}}{{{words(alt)}}}\n\n{caption}\n\n"


def note(head, body):
    """Return a note in the margin."""
    return f"\\margin{{{head}}}{{{body.strip()}}}\n\n"


def leads(inner, name, is_paged):
    """Return words that lead somewhere, with the page if it `is_paged`."""
    return rf"\{'atpage' if is_paged else 'at'}{{{name}}}{{{inner}}}"


def plain(source):
    """Return (words, formulas) of an export, FORMULA for each formula."""
    body, formulas = source.partition(r"\begin{document}")[2], []

    def taken(match):
        formulas.append(match[1] and f"${match[1]}$" or re.sub(r"\\tag\*\{(.*)\}$", "", match[2]))
        number = re.search(r"\\tag\*\{(.*)\}$", match[2] or "")
        return f" {FORMULA}{number[1] if number else ''} "

    body = FIRST.sub("", FORMULAS.sub(taken, body))
    for sign, written in sorted(SIGNS.items(), key=lambda pair: -len(pair[1])):
        body = body.replace(written, f"\ue200{ord(sign)}\ue201")
    body = re.sub(r"\\[A-Za-z]+\*?", "", re.sub(r"\\\\|\\par |&", " ", body))
    body = re.sub(r"[{}]", "", body.replace("}{", " "))
    return re.sub("\ue200(\\d+)\ue201", lambda match: chr(int(match[1])), body), formulas
