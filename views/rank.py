"""The ranking page: every scored site, best first, with what makes up its score."""

import pandas as pd
import streamlit as st

from outputs.wording import class_label
from views import cached
from views.guard import guarded
from views.lists import ranking, site_names
from views.state import language, settle, ui

HEIGHT = 440


@guarded
def page() -> None:
    """Read, compute, show."""
    opened = cached.world()
    fault = settle([str(key) for key in opened.sites.index])
    if fault:
        st.error(fault)
    judged, scores = cached.assessments(opened.data_version), cached.scores(opened.data_version)
    st.subheader(ui("table"))
    ranking(opened.sites.join(scores), judged, HEIGHT)
    order = [str(key) for key in scores.sort_values("total", ascending=False).index]
    points = pd.DataFrame([dict(judged[key].contributions) for key in order]).round(1)
    names = site_names(opened.sites)
    points = points[[name for name in opened.criteria if name in points.columns]]
    points.columns = [class_label(str(name), language(), short=True) for name in points.columns]
    points.insert(0, ui("name"), [names[key] for key in order])
    st.subheader(ui("points"))
    st.dataframe(points, hide_index=True, width="stretch", placeholder="–", alt=ui("points"))


page()
