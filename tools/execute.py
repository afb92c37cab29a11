"""Run notebooks in a fresh kernel and write them in the one form that is committed."""

import base64
import io
import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
README_WALK = ROOT / "assets" / "walk.webp"
SHARED_PICTURE = ROOT / "assets" / "walk.png"  # where a link to the site is shared
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def committed_notebooks():
    return sorted(p for p in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)


def execute(notebook, folder):
    options = {"record_timing": False, "store_widget_state": False}
    options["resources"] = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, kernel_name="python3", timeout=120, **options).execute()


def normalise(notebook):
    """Leave what the author wrote and what the code printed; drop what changes by itself."""
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    )
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(meant(cell.metadata))
    for count, cell in enumerate(code_cells(notebook), start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            output.get("data", {}).pop(WIDGET_VIEW, None)
        cell.outputs = merge_streams(cell.outputs)


def meant(metadata):
    """Return what an author says of a cell: tags, what is folded, which English cell it says."""
    folded = metadata.get("jupyter", {})
    folded = {key: True for key in ("outputs_hidden", "source_hidden") if folded.get(key)}
    kept = {"jupyter": folded} if folded else {}
    for key in ("jp-MarkdownHeadingCollapsed", "english", "tags"):
        if metadata.get(key):
            kept[key] = metadata[key]
    return kept


def merge_streams(outputs):
    """Join neighbouring pieces of one stream: where they are cut is a matter of timing."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def as_committed(notebook):
    normalise(notebook)
    return nbformat.writes(notebook, version=4) + "\n"


def walk():
    """The README's picture: notebook 06's explorer at η = 0.5, step by step; and its last frame."""
    from helpers.lesson_06 import explore_walk  # and matplotlib, which takes a second

    explorer, pictures = explore_walk(), []
    steps = [frame.values for frame in explorer.frames if frame.values["eta"] == 0.5]
    for values in steps:
        explorer._draw(**values)
        file = io.BytesIO()
        explorer.figure.savefig(file, format="png", dpi=120, metadata={"Software": None})
        pictures.append(Image.open(file).convert("RGB"))
    moving, waits = io.BytesIO(), [500] * (len(steps) - 1) + [2500]
    options = {"save_all": True, "append_images": pictures[1:], "duration": waits, "loop": 0}
    pictures[0].save(moving, format="webp", quality=80, **options)
    return moving.getvalue(), file.getvalue()


def small_picture(path):
    """A lesson's picture for README: the first that its notebook shows, smaller; or None."""
    found = re.search(r"data:image/png;base64,([\w+/=]+)", path.read_text(encoding="utf-8"))
    if not found:
        return None
    picture = Image.open(io.BytesIO(base64.b64decode(found[1]))).convert("RGB")
    picture.thumbnail((300, 300), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.quantize(32).save(file, format="png", optimize=True)
    return file.getvalue()


def main(paths):
    for path in paths:
        print(f"{path.parent.name}/{path.name}", flush=True)
        notebook = nbformat.read(path, as_version=4)
        execute(notebook, path.parent)
        path.write_text(as_committed(notebook), encoding="utf-8", newline="\n")
        picture = small_picture(path) if path.parent == NOTEBOOKS else None
        if picture:
            (ROOT / "assets" / f"{path.stem}.png").write_bytes(picture)
    if NOTEBOOKS / "06_update_step.ipynb" in paths:
        for path, picture in zip((README_WALK, SHARED_PICTURE), walk()):
            path.write_bytes(picture)
