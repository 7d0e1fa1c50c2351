"""Open a project in QGIS and say what it shows; run by the Python that QGIS is installed for.

`python3 scripts/qgis_look.py PROJECT.qgz PACKAGE.gpkg LAYER PICTURE.png` prints one JSON document.
"""

import json
import os
import sys

from qgis.core import (
    QgsApplication,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

SIZE = (1200, 600)


def main(project_path: str, package: str, layer: str, picture: str) -> None:
    """Print what the project's layers are, and how a layer of the package is drawn without the project."""
    QgsApplication.setPrefixPath("/usr", True)
    app = QgsApplication([], False)
    app.initQgis()
    project = QgsProject.instance()
    read = project.read(project_path)
    layers = [node.layer() for node in project.layerTreeRoot().findLayers()]
    told = {
        one.name(): {
            "valid": one.isValid(), "features": one.featureCount(), "system": one.crs().authid(),
            "renderer": one.renderer().type(), "labels": one.labelsEnabled(),
            "rules": [rule.label() for rule in one.renderer().rootRule().children()],
        }
        for one in layers
    }  # fmt: skip
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(*SIZE))
    settings.setDestinationCrs(project.crs())
    extent = layers[0].extent()
    extent.scale(1.1)
    settings.setExtent(extent)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    alone = QgsVectorLayer(f"{package}|layername={layer}", layer, "ogr")
    print(json.dumps({"read": read, "layers": told, "alone": alone.renderer().type()}), flush=True)
    os._exit(0)  # QGIS may crash while it takes itself down


if __name__ == "__main__":
    main(*sys.argv[1:])
