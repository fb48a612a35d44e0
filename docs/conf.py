"""How the documentation is built: `make docs`. A warning is an error; nothing is fetched from a network."""

project = "Sightpact"
author = "The Sightpact authors"
copyright = "the Sightpact authors; Apache-2.0"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Sightpact"
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1d4f7c", "color-brand-content": "#1d4f7c"},
    "dark_css_variables": {"color-brand-primary": "#9cc4e8", "color-brand-content": "#9cc4e8"},
}
nitpicky = True
