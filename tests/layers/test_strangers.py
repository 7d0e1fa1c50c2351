"""Files as strangers bring them: each kind gives the right positions to an upload and a batch alike, or is refused."""

import gzip
import io
import json
import math
import zipfile

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oreway.layers.errors import ChoiceError, UploadError
from oreway.layers.upload.upload import Choice, Upload, read_here
from oreway.scoring.batch.read import PointReader
from oreway.scoring.batch.sources import open_source
from oreway.scoring.errors import ScoringError

KVANEFJELD, MURRIN = (-46.01, 60.97), (122.54, -28.86)  # a place in Greenland and one in Western Australia
METRES = 5e-5  # 5 m in degrees
POINTS = gpd.GeoDataFrame(
    {"name": ["Alfa", "Bravo"]}, geometry=[shapely.Point(KVANEFJELD), shapely.Point(MURRIN)], crs="EPSG:4326"
)


def uploaded(content: bytes | str, **choice: str) -> Upload:
    return read_here(content.encode() if isinstance(content, str) else content, "mine", choice=Choice(**choice))


def batched(content: bytes | str, folder, ending: str = ".csv", **choice: str):
    """Return the points, rejects and notes that a batch reads."""
    path = folder / f"mine{ending}"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    reader = PointReader(open_source(path, Choice(**choice)), "mine", system=choice.get("system", ""))
    chunks = list(reader.chunks())
    points = pa.concat_tables([chunk.points for chunk in chunks]).to_pandas().set_index("name")
    return points, [reject for chunk in chunks for reject in chunk.rejects], reader.notes


def places(sites, by_name: bool = True):
    frame = sites.set_index("name") if by_name else sites
    return {
        name: (round(x, 5), round(y, 5)) for name, x, y in zip(frame.index, frame["lon"], frame["lat"], strict=True)
    }


BOTH = {"Alfa": KVANEFJELD, "Bravo": MURRIN}
TABLES = {
    "degrees, minutes and seconds": 'name,lat,lon\nAlfa,"60°58\'12""N","46°00\'36""W"\nBravo,28 51 36 S,122 32 24 E\n',
    "seconds without quotes": "name,lat,lon\nAlfa,60°58'12\"N,46°00'36\"W\nBravo,28°51'36\"S,122°32'24\"E\n",
    "the hemisphere in the name": "name,Latitude (N),Longitude (W)\nAlfa,60.97,46.01\nBravo,-28.86,122.54 E\n",
    "letters in columns of their own": "name,Lat,N/S,Lon,E/W\nAlfa,60.97,N,46.01,W\nBravo,28.86,S,122.54,E\n",
    "merged names": "name,Latitude,,,Longitude,,\n,deg,min,sec,deg,min,sec\n"
    "Alfa,60,58,12,-46,0,36\nBravo,-28,51,36,122,32,24\n",
    "parts in columns": "name,lat_d,lat_m,lat_s,lon_d,lon_m,lon_s\nAlfa,60,58,12,-46,0,36\nBravo,-28,51,36,122,32,24\n",
    "degrees.minutes and seconds": "name,Lat (DD.MMSS),Lon (DD.MMSS)\nAlfa,60.5812,-46.0036\nBravo,-28.5136,122.3224\n",
    "radians": "name,lat_rad,lon_rad\nAlfa,1.064127245,-0.803025989\nBravo,-0.503702022,2.138726465\n",
    "ten millionths": "name,latitudeE7,longitudeE7\nAlfa,609700000,-460100000\nBravo,-288600000,1225400000\n",
    "odd minus signs": "name,lon,lat\nAlfa,−46.01,60.97\nBravo,122.54,–28.86\n",
    "a no-break space": "name,lon,lat\nAlfa,\u00a0-46.01\u00a0,60.97\nBravo,122.54,\u200b-28.86\n",
    "decimal commas": "name;lon;lat\nAlfa;-46,01;60,97\nBravo;122,54;-28,86\n",
    "0 to 360": "name,lon,lat\nAlfa,313.99,60.97\nBravo,122.54,-28.86\n",
    "title rows": "Occurrences,,\nPrinted 2026,,\nname,lon,lat\nAlfa,-46.01,60.97\nBravo,122.54,-28.86\n",
    "a remark above": "# exported\nname,lon,lat\nAlfa,-46.01,60.97\nBravo,122.54,-28.86\n",
    "trailing commas": "name,lon,lat,note\nAlfa,-46.01,60.97,x,,\nBravo,122.54,-28.86\n",
    "two marks of byte order": "\ufeff\ufeffname,lon,lat\nAlfa,-46.01,60.97\nBravo,122.54,-28.86\n",
    "one column": 'name,Coordinates\nAlfa,"60.97, -46.01"\nBravo,"-28.86, 122.54"\n',
    "one column with letters": "name,Position\nAlfa,60°58'12\"N 46°00'36\"W\nBravo,28.86 S 122.54 E\n",
    "WKT": "name,geometry\nAlfa,POINT (-46.01 60.97)\nBravo,POINT (122.54 -28.86)\n",
    "a grid by column": "name,Easting,Northing,Grid\nAlfa,445323.29,6759867.21,UTM 23N\n"
    "Bravo,455135.5,6807438.1,MGA94 Zone 51\n",
    "degrees beside a mine grid": "name,x,y,Latitude,Longitude\nAlfa,17,4,60.97,-46.01\nBravo,18,5,-28.86,122.54\n",
    "German": "name;Breite;Länge\nAlfa;60,97° N;46,01° W\nBravo;28,86 s. Br.;122,54 ö. L.\n",
    "Japanese": "名称,緯度,経度\nAlfa,北緯60度58分12秒,西経46度0分36秒\nBravo,南緯28度51分36秒,東経122度32分24秒\n",
    "east or west by a word in a column of its own": "nom;Latitude;N ou S;Longitude;Est/Ouest\n"
    "Alfa;60,97;Nord;46,01;Ouest\nBravo;28,86;Sud;122,54;Est\n",
    "O beside E is Ouest": "nom;lat;N/S;lon;E/O\nAlfa;60,97;N;46,01;O\nBravo;28,86;S;122,54;E\n",
    "O beside W is Ost": "Name;Breite;N/S;Länge;O/W\nAlfa;60,97;N;46,01;W\nBravo;28,86;S;122,54;O\n",
    "letters in columns without a name": "name,Latitude,,Longitude,\nAlfa,60.97,N,46.01,W\nBravo,28.86,S,122.54,E\n",
    "the hemisphere before the axis": "name,North Latitude,East Longitude\nAlfa,60.97,313.99\nBravo,-28.86,122.54\n",
    "0 to 360 with a letter": "name,lat,lon\nAlfa,60.97 N,313.99 E\nBravo,28.86 S,122.54 E\n",
    "each part with its sign": "name,lat_d,lat_m,lat_s,lon_d,lon_m,lon_s\nAlfa,60,58,12,-46,-0,-36\n"
    "Bravo,-28,-51,-36,122,32,24\n",
    "text kept as text by a spreadsheet": "name;lat;lon\nAlfa;'60.97;'-46.01\nBravo;=\"-28.86\";=\"122.54\"\n",
    "seconds of arc": "name,lat_arcsec,lon_arcsec\nAlfa,219492,-165636\nBravo,-103896,441144\n",
    "systems by their full names": "name,E,N,Projection\nAlfa,445323.29,6759867.21,WGS 84 / UTM zone 23N\n"
    "Bravo,455135.5,6807438.1,GDA94 / MGA zone 51\n",
    "both in a column of any name": "name,where\nAlfa,60°58'12\"N 46°00'36\"W\n"
    "Bravo,南緯28度51分36秒、東経122度32分24秒\n",
    "powers of ten": "name,lat,lon\nAlfa,6.097e1,-4.601e1\nBravo,-2.886E+01,1.2254E+02\n",
    "eastings in kilometres": "name,Easting (km),northing_km,zone\nAlfa,445.32329,6759.86721,23N\n"
    "Bravo,455.1355,6807.4381,MGA51\n",
    "line breaks in cells": 'name,note,lon,lat\nAlfa,"a\nb",-46.01,60.97\nBravo,"c\n\nd",122.54,-28.86\n',
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_gives_its_positions_to_an_upload_and_a_batch_alike(kind, tmp_path):
    found = uploaded(TABLES[kind]).sites
    points, rejects, _ = batched(TABLES[kind], tmp_path)
    for name, (lon, lat) in BOTH.items():
        for frame in (found.set_index("name"), points):
            assert frame.loc[name, ["lon", "lat"]].astype(float).tolist() == pytest.approx([lon, lat], abs=METRES)
    assert rejects == []
    assert found.set_index("name")["line"].to_dict() == points["line"].to_dict()


ZONES = {  # a zone said in the name of a column
    "UTM_E_51S,UTM_N_51S": "455135.5,6807438.1", "E_MGA51,N_MGA51": "455135.5,6807438.1",
    "mE,mN,Datum,Zone": "455135.5,6807438.1,GDA94,51",
}  # fmt: skip


@pytest.mark.parametrize("names", ZONES)
def test_a_grid_s_zone_is_found_where_it_is_said(names):
    assert places(uploaded(f"name,{names}\nBravo,{ZONES[names]}\n").sites) == {"Bravo": MURRIN}


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932", "utf-32", "euc_jp", "iso2022_jp"]
)
def test_names_survive_their_encoding(codec, tmp_path):
    content = "名称,経度,緯度\n南鳥島,153.98,24.29\n東京都,139.70,35.70\n".encode(codec)
    assert list(uploaded(content).sites["name"]) == ["南鳥島", "東京都"]
    assert list(batched(content, tmp_path)[0].index) == ["南鳥島", "東京都"]


HEADS = {  # the encoding, the table, and what stands in its first row
    "GB 18030": ("gb18030", "名称,纬度,经度,矿种\n白云鄂博,41.78,109.97,稀土\n", "白云鄂博", (109.97, 41.78)),
    "Windows-1251": ("cp1251", "Название;Широта;Долгота;Металл\nЛовозеро;67,8;34,7;РЗЭ\n", "Ловозеро", (34.7, 67.8)),
    "KOI8-R": ("koi8_r", "Название;Широта;Долгота;Металл\nТомтор;71,05;116,57;РЗЭ\n", "Томтор", (116.57, 71.05)),
    "Windows-1252": ("cp1252", "Bezeichnung;Breite;Länge;Rohstoff\nÖl;60,97;-46,01;REE\n", "Öl", (-46.01, 60.97)),
    "": ("utf-8", "Projeto;Latitude;Longitude;Minério\nAraxá;-19,63;-46,93;Terras Raras\n", "Araxá", (-46.93, -19.63)),
}  # fmt: skip


@pytest.mark.parametrize("told", HEADS)
def test_the_names_of_the_axes_tell_the_encoding_of_a_table(told, tmp_path):
    codec, text, name, place = HEADS[told]
    upload = uploaded(text.encode(codec))
    assert upload.sites[["name", "lon", "lat", "commodities"]].iloc[0].tolist() == [name, *place, "REE"]
    points, rejects, notes = batched(text.encode(codec), tmp_path)
    assert points.reset_index()[["name", "lon", "lat", "commodities"]].iloc[0].tolist() == [name, *place, "REE"]
    assert all(f"read as {told}" in str(said) for said in (upload.notes, notes) if told)
    assert rejects == []


def test_repeated_and_missing_ids_are_numbered_alike_by_an_upload_and_a_batch(tmp_path):
    ids = ["1", "1", "", "A", "1-3", "A", "row-4", "1"]
    text = "id,lon,lat\n" + "".join(f"{one},122.5{i},-28.8\n" for i, one in enumerate(ids))
    want = ["1", "1-3", "row-4", "A", "1-3-6", "A-7", "row-4-8", "1-9"]
    upload = uploaded(text)
    points, _, notes = batched(text, tmp_path)
    assert list(upload.sites.index) == want == points["site_id"].tolist()
    assert all("6 missing or repeated id(s) were numbered" in str(said) for said in (upload.notes, notes))
    nameless = "lon,lat\n122.5,-28.8\n122.6,-28.8\n"
    points, _, notes = batched(nameless, tmp_path)
    assert list(uploaded(nameless).sites.index) == ["row-2", "row-3"] == points["site_id"].tolist()
    assert not any("numbered" in str(said) for said in (uploaded(nameless).notes, notes))


@pytest.mark.parametrize(("word", "lat", "lon"), [("日本測地系", 35.0032449, 136.9970292), ("世界測地系", 35.0, 137.0)])
def test_a_datum_in_a_column_moves_degrees_and_is_said(word, lat, lon, tmp_path):
    text = f"名称,緯度,経度,測地系\nA,35,137,{word}\nB,35.1,137.1,日本測地系2011\n"
    for sites in (uploaded(text).sites, batched(text, tmp_path)[0].reset_index()):
        assert sites[["lat", "lon"]].iloc[0].astype(float).tolist() == pytest.approx([lat, lon], abs=2e-6)
    assert "in the reference system of column 測地系" in str(uploaded(text).notes)


def test_a_datum_that_is_not_known_is_said_or_leaves_its_row_out(tmp_path):
    said = "column datum names no reference system that is known (Local); columns lon and lat are taken as WGS 84"
    assert said in str(uploaded("name,lon,lat,datum\nA,122,-28,Local\n").notes)
    mixed = "name,lon,lat,datum\nA,122,-28,Local\nB,122,-28,AGD66\n"
    points, rejects, _ = batched(mixed, tmp_path)
    assert (list(points.index), [reject.line for reject in rejects]) == (["B"], [2])
    assert list(uploaded(mixed).sites["name"]) == ["B"]


def test_a_batch_refuses_swapped_columns_as_an_upload_does(tmp_path):
    with pytest.raises(ScoringError, match="look swapped, exchange them"):
        batched("name,lon,lat\nA,60.8,-145\nB,61,-146\n", tmp_path)


def test_a_site_called_point_is_no_geometry():
    assert places(uploaded("name,lon,lat\nPoint,-46.01,60.97\n").sites) == {"Point": KVANEFJELD}


def test_windows_letters_are_not_taken_for_japanese():
    found = uploaded("name,lon,lat\nGrønnedal,-48.1,61.2\nCôte d’Été,1,2\n".encode("cp1252"))
    assert list(found.sites["name"]) == ["Grønnedal", "Côte d’Été"]


FAR = "name,E,N,zone\nGood,455135.5,6807438.1,51S\nKilometres,455.1,6807.4,51S\nSwapped,6807438.1,455135.5,51S\n"


def test_a_position_far_from_where_its_grid_is_used_is_left_out_by_its_line(tmp_path):
    found, (points, rejects, _) = uploaded(FAR), batched(FAR, tmp_path)
    assert list(found.sites["name"]) == ["Good"] == list(points.index)
    assert [line for line, _ in found.rejected] == [3, 4] == [reject.line for reject in rejects]
    assert all("far from where WGS 84 / UTM zone 51S is used" in reason for _, reason in found.rejected)


@pytest.mark.parametrize(("digits", "off"), [(0, "79 km"), (1, "8 km"), (2, "")])
def test_positions_all_written_coarsely_say_how_far_off_they_may_be(digits, off, tmp_path):
    # half a degree is 55.6 km of latitude and at the equator of longitude: 78.6 km across
    text = f"name,lon,lat\nA,{122.54:.{digits}f},{-28.86:.{digits}f}\nB,{-46.01:.{digits}f},{60.97:.{digits}f}\n"
    for notes in (uploaded(text).notes, batched(text, tmp_path)[2]):
        assert [f"may lie {off} off" in note for note in notes if "is written in" in note] == ([True] if off else [])
    told = "".join(f"{line},{'accuracy_km' if line.startswith('name') else 3}\n" for line in text.splitlines())
    assert "is written in" not in str(uploaded(told).notes)


def test_rows_and_features_listed_in_json_are_read(tmp_path):
    rows = json.dumps([{"name": name, "lat": lat, "lon": lon} for name, (lon, lat) in BOTH.items()])
    features = json.dumps(json.loads(POINTS.to_json())["features"])
    for text in (rows, features):
        assert places(uploaded(text).sites) == BOTH == places(batched(text, tmp_path, ".json")[0], by_name=False)


def test_oxides_minerals_and_trade_words_are_read_as_their_elements(tmp_path):
    told = {"Ta2O5/Li2O": "Ta;Li", "scandium oxide": "Sc", "heavy mineral sands": "Ti;Zr", "WO3": "W",
            "NdPr oxide": "NdPr", "monazite": "REE", "HPA": "Al", "kaolin": "kaolin"}  # fmt: skip
    text = "name,lon,lat,commodity\n" + "".join(f"{i},122.54,-28.86,{word}\n" for i, word in enumerate(told))
    assert uploaded(text).sites["commodities"].tolist() == list(told.values())
    points, _, notes = batched(text, tmp_path)
    assert points["commodities"].tolist() == list(told.values())
    assert "not known: kaolin" in str(notes)


def test_a_position_of_four_numbers_and_a_record_of_fields_are_read():
    one = {"geometry": {"type": "Point", "coordinates": [-46.01, 60.97, 420.5, 7]}, "fields": {"name": "Alfa"}}
    assert places(uploaded(json.dumps([one])).sites) == {"Alfa": KVANEFJELD}


REFUSED = {
    "feet without a system in feet": ("name,easting_ft,northing_ft\nA,1000000,2000000\n", "in feet"),
    "references of MGRS": ("name,MGRS\nA,51JVH5513307400\n", "references of MGRS, which are not read"),
    "letters of a national grid": ("name,OS grid ref\nA,SX 573 584\n", "national grid by letters"),
    "plus codes": ("name,plus code\nA,4QVV4GRR+X2\n", "plus codes"),
    "an address of a map": ("name,map\nA,https://maps.example/@-28.86\n", "addresses of a map"),
    "columns parted by blanks": ("name lat lon\nA 60.97 -46.01\n", "parted by blanks"),
    "no header": ("Alfa,60.97,-46.01\nBravo,-28.86,122.54\n", "no header"),
    "a MapInfo table alone": ("!table\n!version 300\n!charset Neutral\n", "zip it with its .dat"),
    "metres without a system": ("name,X,Y\nA,455135.5,6807438.1\n", "give the EPSG code"),
    "a mine grid": ("name,mine_x,mine_y\nA,12,48\n", "mine's own grid"),
    "either order": ('name,Coordinates\nA,"60.97, -46.01"\n', "longitude or latitude first"),
    "an order that changes": ('name,Coordinates\nA,"60.97, -146.01"\nB,"-146, 60"\n', "changes"),
    "Ost or Ouest": ("name,lat,Longitude (O)\nA,60.97,46.01\n", "Ost .* or Ouest"),
    "UTM without a side": ("name,Easting,Northing,Zone\nA,455135.5,6807438.1,51\n", "north or south"),
    "TopoJSON": ('{"type": "Topology", "objects": {}, "arcs": []}', "TopoJSON"),
    "Esri JSON": ('{"geometryType": "esriGeometryPoint", "features": []}', "Esri JSON"),
    "a DXF drawing": ("  0\nSECTION\n  2\nHEADER\n", "DXF"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_can_be_read_in_two_ways_is_refused_with_the_cure(kind):
    content, said = REFUSED[kind]
    with pytest.raises(UploadError, match=said):
        uploaded(content)


def test_a_batch_refuses_metres_without_a_system_and_takes_them_with_one(tmp_path):
    text = "name,X,Y\nBravo,455135.5,6807438.1\n"
    with pytest.raises(ScoringError, match="give the EPSG code"):
        batched(text, tmp_path)
    points, _, _ = batched(text, tmp_path, system="EPSG:28351")
    assert places(uploaded(text, system="EPSG:28351").sites) == {"Bravo": MURRIN} == places(points, by_name=False)


def test_a_sign_against_its_letter_is_left_out_by_its_line(tmp_path):
    text = "name,lat,lon\nBad,-28.86 N,-46.01 E\nBravo,28.86 S,122.54 E\n"
    found = uploaded(text)
    assert places(found.sites) == {"Bravo": MURRIN}
    assert [line for line, _ in found.rejected] == [2] == [one.line for one in batched(text, tmp_path)[1]]
    assert "contradicts itself" in found.rejected[0][1]


def test_what_was_understood_is_said_back(tmp_path):
    text = "name,Latitude (N),Longitude (W)\nAlfa,60.97,46.01\nNone,0,0\n"
    for notes in (uploaded(text).notes, batched(text, tmp_path)[2]):
        assert any("Longitude (W) is turned to the west" in note for note in notes)
        assert any("0, 0" in note for note in notes)


def test_accuracies_commodities_and_stages_are_read_and_the_unknown_named(tmp_path):
    text = (
        "name;lon;lat;position_accuracy_km;Commodity;Stage\nAlfa;-46,01;60,97;2,5;Rare earth;Feasibility\n"
        "Bravo;122,54;-28,86;5 km;unobtainium;asleep\nCara;1,5;2,5;1500;Li, Cu;\nDelta;1,5;2,5;poor;;\n"
    )
    found = uploaded(text)
    points, rejects, notes = batched(text, tmp_path)
    assert found.sites["position_accuracy_km"].tolist() == [2.5, 5, 1500] == points["accuracy"].tolist()
    assert found.sites["commodities"].tolist() == ["REE", "unobtainium", "Li;Cu"] == points["commodities"].tolist()
    assert found.sites["stage"].tolist() == ["fs", "", ""]
    assert [line for line, _ in found.rejected] == [5] == [one.line for one in rejects]
    assert any("unobtainium" in note for note in found.notes)
    assert any("unobtainium" in note for note in notes)
    assert any("asleep" in note for note in found.notes)


def test_metres_of_uncertainty_are_not_kilometres(tmp_path):
    text = "name,decimalLongitude,decimalLatitude,coordinateUncertaintyInMeters\nAlfa,-46.01,60.97,25000\n"
    assert (
        uploaded(text).sites["position_accuracy_km"].tolist() == [25] == batched(text, tmp_path)[0]["accuracy"].tolist()
    )


def test_a_missing_accuracy_is_the_same_everywhere(tmp_path):
    text = "name,lon,lat\nAlfa,-46.01,60.97\n"
    assert (
        uploaded(text).sites["position_accuracy_km"].tolist() == [1] == batched(text, tmp_path)[0]["accuracy"].tolist()
    )


def collection(*features, **members):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members})


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def spot(place):
    return {"type": "Point", "coordinates": list(place)}


def test_ids_stay_whole_numbers_although_one_is_missing(tmp_path):
    text = collection(
        feature(spot(KVANEFJELD), id=101, name="Alfa"), feature(spot(MURRIN), name="Mt Weld"),
        feature(spot(MURRIN), id=9007199254740993, name="Cara"),
    )  # fmt: skip
    assert list(uploaded(text).sites.index) == ["101", "Mt Weld", "9007199254740993"]
    assert batched(text, tmp_path, ".geojson")[0]["site_id"].tolist() == ["101", "Mt Weld", "9007199254740993"]


def test_one_bad_feature_leaves_the_good_ones():
    text = collection(
        feature(spot(KVANEFJELD), name="Alfa"), feature(spot((None, None)), name="Nulls"),
        feature({"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2]]]}, name="Open"),
        feature(spot(MURRIN), name="Bravo"),
    )  # fmt: skip
    found = uploaded(text)
    assert places(found.sites) == BOTH
    assert [number for number, _ in found.rejected] == [2, 3]
    assert found.counted == "feature"


def test_a_feature_a_line_and_a_bare_geometry_are_read():
    lines = "\n".join(json.dumps(feature(spot(place), name=name)) for name, place in BOTH.items())
    assert places(uploaded(lines).sites) == BOTH
    assert places(uploaded(json.dumps(spot(MURRIN))).sites, by_name=False) == {"row-1": MURRIN}


def test_one_damaged_shape_leaves_the_good_ones_in_binary_formats_too(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["Alfa", "None", "Bravo"]}, crs="EPSG:4326",
                             geometry=[shapely.Point(KVANEFJELD), None, shapely.Point(MURRIN)])  # fmt: skip
    found = uploaded(packed(frame, tmp_path, "FlatGeobuf", "a.fgb", SPATIAL_INDEX="NO"))
    assert places(found.sites) == BOTH
    frame.to_parquet(tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    at = table.schema.get_field_index("geometry")
    cells = pa.array([table["geometry"][0].as_py(), b"\x01\x02", table["geometry"][2].as_py()], pa.binary())
    pq.write_table(table.set_column(at, table.schema.field(at), cells), tmp_path / "b.parquet")
    found = uploaded((tmp_path / "b.parquet").read_bytes())
    assert places(found.sites) == BOTH
    assert found.rejected == ((2, "geometry not readable; redraw it"),)


def test_a_batch_reads_geojson_with_a_comma_too_many_as_an_upload_does(tmp_path):
    text = collection(feature(spot(MURRIN), name="Bravo")).replace("]}", ",]}").replace("}]", "},]")
    points, _, _ = batched(text.replace(",,", ","), tmp_path, ".geojson")
    assert places(points, by_name=False) == {"Bravo": MURRIN} == places(uploaded(text.replace(",,", ",")).sites)
    with pytest.raises(ScoringError, match="TopoJSON"):
        batched('{"type": "Topology", "objects": {}, "arcs": []}', tmp_path, ".json")


SPELT = {  # how degrees are written, and under which names: (lat, lon) -> table
    "signs": lambda y, x: f"name,lat,lon\na,{y:.9f},{x:.9f}\n",
    "decimal commas": lambda y, x: f"name;lat;lon\na;{y:.9f};{x:.9f}\n".replace(".", ","),
    "0 to 360": lambda y, x: f"name,lat,lon\na,{y:.9f},{x % 360:.9f}\n",
    "letters": lambda y, x: f"name,lat,lon\na,{abs(y):.9f} {side(y, 'SN')},{abs(x):.9f} {side(x, 'WE')}\n",
    "names": lambda y, x: f"name,Latitude ({side(y, 'SN')}),Longitude ({side(x, 'WE')})\na,{abs(y):.9f},{abs(x):.9f}\n",
    "letters apart": lambda y, x: f"n,lat,N/S,lon,E/W\na,{abs(y):.9f},{side(y, 'SN')},{abs(x):.9f},{side(x, 'WE')}\n",
    "parts": lambda y, x: "name,lat_deg,lat_min,lat_sec,lon_deg,lon_min,lon_sec\na," + parts(y) + "," + parts(x) + "\n",
    "WKT": lambda y, x: f"name;wkt\na;POINT ({x:.9f} {y:.9f})\n",
    "radians": lambda y, x: f"name,lat_rad,lon_rad\na,{math.radians(y):.12f},{math.radians(x):.12f}\n",
    "Japanese": lambda y, x: f"名称,緯度,経度\na,{side(y, '南北')}緯{abs(y):.9f}度,{side(x, '西東')}経{abs(x):.9f}度\n",
    "one cell": lambda y, x: f'name;Lat/Lon\na;"{y:.9f}, {x:.9f}"\n',
    "GeoJSON": lambda y, x: json.dumps({"type": "Point", "coordinates": [x, y]}),
    "KML": lambda y, x: KML.format(MARK.format("a", "", f"{x:.9f}", f"{y:.9f}")),
}  # fmt: skip


def side(value, letters):
    return letters[value >= 0]


def parts(value):
    minutes, seconds = divmod(round(abs(value) * 3.6e9), 60_000_000)
    degrees, minutes = divmod(minutes, 60)
    return f"{'-' if value < 0 else ''}{degrees},{minutes},{seconds / 1e6:.6f}"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SPELT)), st.floats(-90, 90), st.floats(-179.9, 179.9))
def test_a_position_written_in_any_spelling_comes_back(kind, lat, lon):
    found = uploaded(SPELT[kind](lat, lon)).sites.iloc[0]
    assert (found["lat"], found["lon"]) == pytest.approx((lat, lon), abs=1e-7)


def test_a_lease_across_the_date_line_is_joined_there():
    ring = [[178.9, -16.6], [-179.2, -16.6], [-179.2, -17.4], [178.9, -17.4], [178.9, -16.6]]
    found = uploaded(collection(feature({"type": "Polygon", "coordinates": [ring]}, name="Lau"))).sites
    assert found["lon"].iloc[0] == pytest.approx(179.85, abs=0.95)
    assert found.geometry.iloc[0].is_valid
    assert found.geometry.iloc[0].area == pytest.approx(1.9 * 0.8, abs=1e-9)


def packed(frame, tmp_path, driver, name, **more):
    frame.to_file(tmp_path / name, driver=driver, **more)
    return (tmp_path / name).read_bytes()


def zipped(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def folder_zip(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("driver", "name"), [("FlatGeobuf", "a.fgb"), ("GPKG", "a.gpkg"), ("XLSX", "a.xlsx"), ("ODS", "a.ods")]
)
def test_formats_of_other_tools_are_read(driver, name, tmp_path):
    sheet = driver in {"XLSX", "ODS"}
    frame = POINTS.assign(lon=POINTS.geometry.x, lat=POINTS.geometry.y) if sheet else POINTS
    if sheet:
        pyogrio.write_dataframe(frame.drop(columns="geometry"), tmp_path / name, driver=driver)
        content = (tmp_path / name).read_bytes()
    else:
        content = packed(frame, tmp_path, driver, name)
    assert places(uploaded(content).sites) == BOTH


@pytest.mark.parametrize("driver", ["ESRI Shapefile", "OpenFileGDB", "MapInfo File"])
def test_zipped_formats_are_read_in_their_own_system(driver, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    target = {"ESRI Shapefile": "a.shp", "OpenFileGDB": "a.gdb", "MapInfo File": "a.tab"}[driver]
    POINTS.iloc[1:].to_crs("EPSG:28351").to_file(home / target, driver=driver)
    site = uploaded(folder_zip(home)).sites.set_index("name").loc["Bravo"]
    assert [site["lon"], site["lat"]] == pytest.approx(MURRIN, abs=METRES)


def test_zipped_and_gzipped_tables_are_read():
    text = b"name,lon,lat\nAlfa,-46.01,60.97\nBravo,122.54,-28.86\n"
    assert places(uploaded(zipped({"data/sites.csv": text, "__MACOSX/x.csv": b"junk"})).sites) == BOTH
    assert places(uploaded(gzip.compress(text)).sites) == BOTH


KML = '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>{}</Document></kml>'
MARK = "<Placemark><name>{}</name>{}<Point><coordinates>{},{},0</coordinates></Point></Placemark>"


def test_kml_gives_names_folders_and_extended_data_zipped_too():
    data = (
        "<ExtendedData><Data name='commodities'><value>Li</value></Data><SchemaData>"
        "<SimpleData name='accuracy_km'>12</SimpleData></SchemaData></ExtendedData>"
    )
    marks = (
        "<Folder><name>North</name>"
        + MARK.format("Alfa", data, *KVANEFJELD)
        + "</Folder>"
        + MARK.format("Bravo", "", *MURRIN)
    )
    text = KML.format(marks).encode()
    for content in (text, zipped({"doc.kml": text})):
        found = uploaded(content).sites.set_index("name")
        assert places(found, by_name=False) == BOTH
        assert found.loc["Alfa", ["commodities", "position_accuracy_km", "folder"]].tolist() == ["Li", 12.0, "North"]


def test_a_track_is_a_line_and_a_bad_placemark_is_left_out():
    coordinates = "<gx:coord>-46 60.9 1</gx:coord><gx:coord>-46.1 61 1</gx:coord>"
    track = f"<Placemark><name>Way</name><gx:Track>{coordinates}</gx:Track></Placemark>"
    found = uploaded(KML.format(track + MARK.format("Bad", "", "x", "y") + MARK.format("Bravo", "", *MURRIN)))
    assert found.sites.set_index("name").geom_type.to_dict() == {"Way": "LineString", "Bravo": "Point"}
    assert [number for number, _ in found.rejected] == [2]


def test_gpx_gives_waypoints_and_tracks():
    text = (
        '<gpx xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="60.97" lon="-46.01"><name>Alfa</name></wpt>'
        '<trk><name>Way</name><trkseg><trkpt lat="1" lon="2"/><trkpt lat="1" lon="3"/></trkseg></trk></gpx>'
    )
    assert uploaded(text).sites.set_index("name").geom_type.to_dict() == {"Alfa": "Point", "Way": "LineString"}


def test_several_layers_are_named_and_one_can_be_chosen(tmp_path):
    packed(POINTS, tmp_path, "GPKG", "a.gpkg", layer="prospects")
    content = packed(POINTS.iloc[:1], tmp_path, "GPKG", "a.gpkg", layer="old")
    with pytest.raises(ChoiceError, match="prospects, old") as caught:
        uploaded(content)
    assert caught.value.choices == ("prospects", "old")
    assert places(uploaded(content, layer="prospects").sites) == BOTH


def test_a_system_that_contradicts_the_numbers_is_refused_until_the_right_one_is_named(tmp_path):
    content = packed(POINTS.set_crs("EPSG:32623", allow_override=True), tmp_path, "GPKG", "a.gpkg")
    with pytest.raises(UploadError, match=r"degrees under .*, a system in metres"):
        uploaded(content)
    assert places(uploaded(content, system="EPSG:4326").sites) == BOTH


def test_parquet_without_a_page_of_geometry_is_read(tmp_path):
    buffer = io.BytesIO()
    pq.write_table(
        pa.table({"name": list(BOTH), "lon": [p[0] for p in BOTH.values()], "lat": [p[1] for p in BOTH.values()]}),
        buffer,
    )
    assert (
        places(uploaded(buffer.getvalue()).sites)
        == BOTH
        == places(batched(buffer.getvalue(), tmp_path, ".parquet")[0], by_name=False)
    )
    buffer = io.BytesIO()
    pq.write_table(
        pa.table(
            {"name": list(BOTH), "x": [17, 18], "y": [4, 5], "geom": [shapely.to_wkb(p) for p in POINTS.geometry]}
        ),
        buffer,
    )
    assert (
        places(uploaded(buffer.getvalue()).sites)
        == BOTH
        == places(batched(buffer.getvalue(), tmp_path, ".parquet")[0], by_name=False)
    )


def test_the_user_s_own_columns_come_back(tmp_path):
    text = "id,name,lon,lat,grade,total\n7,Alfa,-46.01,60.97,1.2 %,9\n"
    assert uploaded(text).sites.loc["7", ["grade", "total"]].tolist() == ["1.2 %", "9"]
    assert batched(text, tmp_path)[0].loc["Alfa", ["grade", "total"]].tolist() == ["1.2 %", "9"]


def test_a_column_of_hashes_is_no_column_of_shapes() -> None:
    text = b"name,lon,lat,data_version\nNorth,-46,61,000374c49eee\n"
    assert read_here(text, "mine.csv").sites[["lon", "lat"]].to_numpy().tolist() == [[-46, 61]]
    # shapely 2.1: to_wkb(Point(-46, 61), hex=True), and with byte_order=0
    for shape in ("010100000000000000000047C00000000000804E40", "0000000001C047000000000000404E800000000000"):
        assert read_here(f"name,geom\nNorth,{shape}\n".encode(), "mine.csv").sites["lon"].tolist() == [-46]
