"""Tests that drive the notebooks in a real JupyterLab with a real browser."""
