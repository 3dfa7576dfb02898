"""How the recogniser's own weights are made: draw plates, train, export, evaluate.

`python -m training` does all of it; nothing here is needed to read plates. A plate comes about in this
order: a kind and its text (`kinds`, `wording`), the blank on its car (`blank`), what stands at its
ends (`ends`), its letters (`line`, from `lettering`, `strokes` and `fonts`), what stands around
them (`surroundings`); `plates` puts it together, `camera` takes its picture, `batches` hands it out.
"""
