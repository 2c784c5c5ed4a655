"""The fonts of drawings: those of the design and no others, whatever the machine has.

Used by `running` before it imports a module of figures, and by `style`, which draws without a build too.
"""

from pathlib import Path

FAMILIES = ("Source Sans 3", "STIX Two Text", "STIX Two Math")
SETTINGS = {
    "font.family": list(FAMILIES),
    "mathtext.fontset": "custom",
    "mathtext.rm": "STIX Two Text",
    "mathtext.it": "STIX Two Text:italic",
    "mathtext.bf": "STIX Two Text:bold",
    "mathtext.bfit": "STIX Two Text:bold:italic",
    "mathtext.cal": "STIX Two Text:italic",
    "mathtext.sf": "Source Sans 3",
    "mathtext.tt": "Source Code Pro",
    "mathtext.fallback": None,
    "pdf.fonttype": 42,
}


def use_fonts(folder: Path) -> set[str]:
    """Let matplotlib draw with the fonts of a folder alone; return their PostScript names."""
    import matplotlib
    from matplotlib import font_manager

    manager = font_manager.fontManager
    manager.ttflist, manager.afmlist = [], []
    manager.defaultFamily = {"ttf": FAMILIES[0], "afm": FAMILIES[0]}
    paths = sorted(folder.glob("*.ttf"))
    # Matplotlib looks for cmex10, which comes with it, before it sets any formula.
    for path in (*paths, Path(matplotlib.get_data_path(), "fonts", "ttf", "cmex10.ttf")):
        manager.addfont(path)
    matplotlib.rcParams.update(SETTINGS)
    return {font_manager.get_font(path).postscript_name for path in paths}
