"""What every answer of the upload reader must be for the rest of the program."""

import numpy as np
import shapely

from oreway.layers.upload.upload import Upload


def check_lawful(found: Upload) -> None:
    """Assert what the rest of the program relies on."""
    sites = found.sites
    assert len(sites)
    assert sites.crs.to_epsg() == 4326
    assert sites.index.name == "site_id"
    assert sites.index.is_unique
    assert sites.columns.is_unique
    assert {"name", "lon", "lat", "position_accuracy_km"} <= set(sites.columns)
    assert sites["lon"].between(-180, 180).all()
    assert sites["lat"].between(-90, 90).all()
    assert (np.isfinite(sites["position_accuracy_km"]) & (sites["position_accuracy_km"] > 0)).all()
    assert not (sites.geometry.isna() | sites.geometry.is_empty).any()
    assert shapely.is_valid(sites.geometry.to_numpy()).all()
    texts = [*sites.index, *sites.columns, *sites["name"], *found.notes, *(reason for _, reason in found.rejected)]
    assert all(isinstance(text, str) and text.isprintable() for text in texts)
