import mathra
def speak(latex):
    return mathra.render(latex)["speech"]
def problems_of(latex):
    try:
        mathra.render(latex, strict=True)
    except ValueError as e:
        return [str(e)]
    return []
