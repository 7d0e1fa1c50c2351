"""The words that stand on the map itself, in English and Japanese."""

from outputs.wording import LANGUAGES, Language

WORDS: dict[str, tuple[str, str]] = {
    "offline": ("Offline map (no internet needed)", "オフライン地図（ネット接続不要）"),
    "near": ("Zoom to what is near", "周辺を拡大"),
    "far": ("Show every line", "すべての線を表示"),
    "missing": ("A map file is missing; `oreway doctor` says how to mend it:", "地図ファイルがありません："),
    "legend": ("Legend", "凡例"),
    "deposits": ("Deposits: shape = stage", "鉱床：形＝段階"),
    "circle": ("found, no resource counted", "発見のみ（資源量なし）"),
    "triangle": ("resource counted", "資源量あり"),
    "square": ("studied", "調査済み"),
    "pentagon": ("financed or being built", "資金確保・建設中"),
    "star": ("producing", "生産中"),
    "score": ("Colour = access score", "色＝アクセススコア"),
    "low": ("0 far", "0 遠い"),
    "high": ("100 near", "100 近い"),
    "unscored": ("not scored", "スコアなし"),
    "plants": ("Refining sites", "製錬・分離施設"),
    "running": ("operating", "操業中"),
    "coming": ("planned or being built", "計画・建設中"),
    "stopped": ("barred, idled or cancelled", "禁止・休止・中止"),
    "streets": ("Streets (online)", "道路地図（オンライン）"),
    "satellite": ("Satellite (online)", "衛星画像（オンライン）"),
    "ocean": ("Ocean floor (online)", "海底地形（オンライン）"),
    "ports": ("Ports", "港"),
    "airfields": ("Airfields", "飛行場"),
    "roads": ("Road corridors (schematic)", "道路（概略）"),
    "rail": ("Railways (schematic)", "鉄道（概略）"),
    "power": ("Power", "電力"),
    "sea_lanes": ("Sea lanes", "航路"),
    "towns": ("Place names", "地名"),
    "ice": ("Ice sheet and glaciers", "氷床・氷河"),
    "heritage": ("Heritage and protected areas", "遺産・保護区域"),
    "eez": ("Minamitorishima 200-mile circle", "南鳥島200海里円"),
    "relief": ("Relief and sea depth", "起伏と水深"),
    "graticule": ("Graticule", "経緯線"),
    "borders": ("Borders", "国境"),
}


def word(key: str, lang: Language) -> str:
    """Return a word of the map in a language."""
    return WORDS[key][LANGUAGES.index(lang)]
