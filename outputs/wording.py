"""The product's words in English and Japanese: labels, number formats, sentences of the report.

Every face (map, report, export, terminal) takes its words from here, so that they are the same everywhere.
"""

import math
import re
from typing import Literal

from outputs.judgement_words import JUDGEMENT, PHRASES

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
RAW_WORD = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")

CLASS_LABELS: dict[str, tuple[str, str]] = {
    "port": ("port", "港"),
    "deep_water_port": ("deep-water port (≥ 10 m)", "大水深港（10 m以上）"),
    "airfield": ("airfield (runway ≥ 1,200 m)", "飛行場（滑走路1,200 m以上）"),
    "town": ("town (≥ 500 people)", "町（人口500人以上）"),
    "road": ("road", "道路"),
    "rail": ("railway", "鉄道"),
    "power": ("power", "電力"),
    "refinery": ("refinery", "製錬・分離施設"),
    "coast": ("coast", "海岸"),
    "ice": ("ice sheet or glacier", "氷床・氷河"),
}
CLASS_SHORT: dict[str, tuple[str, str]] = {
    "port": ("port", "港"),
    "deep_water_port": ("deep-water port", "大水深港"),
    "airfield": ("airfield", "飛行場"),
    "town": ("town", "町"),
    "road": ("road", "道路"),
    "rail": ("railway", "鉄道"),
    "power": ("power", "電力"),
    "refinery": ("refinery", "製錬・分離施設"),
    "coast": ("coast", "海岸"),
    "ice": ("ice", "氷"),
}
NIL_LABELS: dict[str, tuple[str, str]] = {
    "unknown": ("not known", "不明"),
    "inapplicable": ("not applicable", "該当なし"),
    "absent_network": ("must be built", "新設が必要"),
    "withheld": ("withheld", "非公開"),
}
STAGE_LABELS: dict[str, tuple[str, str]] = {
    "occurrence": ("occurrence", "鉱徴"),
    "prospect": ("prospect", "探査地"),
    "resource": ("resource", "資源量"),
    "scoping": ("scoping study", "概略調査"),
    "pfs": ("pre-feasibility study", "予備的実現可能性調査"),
    "fs": ("feasibility study", "実現可能性調査"),
    "financed": ("financed", "資金確保"),
    "construction": ("construction", "建設中"),
    "commissioning": ("commissioning", "試運転"),
    "producing": ("producing", "生産中"),
    "planned": ("planned", "計画"),
    "building": ("being built", "建設中"),
    "operating": ("operating", "操業中"),
    "idled": ("idled", "休止中"),
    "cancelled": ("cancelled", "中止"),
    "unknown": ("stage not known", "段階不明"),
    "": ("no stage of its own", "段階なし"),
}
STANDING_LABELS: dict[str, tuple[str, str]] = {
    "active": ("work goes on", "作業継続中"),
    "on_hold": ("on hold", "保留"),
    "barred": ("barred", "禁止"),
    "cancelled": ("cancelled", "中止"),
    "unknown": ("standing not known", "現況不明"),
    "idled": ("idled", "休止中"),
    "operating": ("in operation", "操業中"),
}
WORDS: dict[str, tuple[str, str]] = {
    # kinds, settings, positions
    "deposit": ("deposit", "鉱床"),
    "zone": ("zone", "区域"),
    "complex": ("rock complex", "岩体"),
    "island": ("island", "島"),
    "limit": ("limit", "境界"),
    "stockpile": ("stockpile", "貯鉱"),
    "plant": ("plant", "施設"),
    "arctic": ("Arctic", "北極圏"),
    "outback": ("outback", "アウトバック"),
    "temperate": ("temperate land", "温帯の陸域"),
    "seabed": ("seabed", "海底"),
    "polygon": ("outline drawn from a source", "出典に基づく輪郭"),
    "computed": ("computed outline", "計算による輪郭"),
    "point_precise": ("precise point", "精密な点"),
    "point_centroid": ("centre point", "中心点"),
    "named_place": ("place of that name", "同名の地点"),
    "sketch": ("read off a sketch", "略図からの読み取り"),
    # methods and confidences
    "geodesic": ("straight line", "最短線"),
    "network": ("along the network", "路線網に沿う距離"),
    "route": ("routed", "経路計算"),
    "interval": ("bounds only", "上下限のみ"),
    "high": ("high", "高"),
    "medium": ("medium", "中"),
    "low": ("low", "低"),
    "derived": ("derived", "導出値"),
    "conflict": ("sources disagree", "出典が不一致"),
    "unverified": ("unverified", "未確認"),
    "gap": ("not found", "見つからず"),
    # gates
    "uranium_act": ("Uranium limit (Greenland Act 20 of 2021)", "ウラン制限（グリーンランド2021年法律第20号）"),
    "protected_area": ("Protected area", "保護区域"),
    "process_unproven": ("Proven process", "処理法の実証"),
    "no_consent": ("Licence and consent", "許可と同意"),
    "seabed_technology": ("Seabed lifting technology", "海底揚鉱技術"),
    "closed": ("closed", "閉"),
    "open": ("open", "開"),
    "conditional": ("conditional", "条件付き"),
    "not_applicable": ("not applicable", "該当なし"),
    # resource categories
    "measured": ("measured", "精測"),
    "indicated": ("indicated", "概測"),
    "measured_indicated": ("measured and indicated", "精測＋概測"),
    "inferred": ("inferred", "予測"),
    "resource_total": ("total resource", "資源量合計"),
    "probable": ("probable", "推定埋蔵量"),
    "proved": ("proved", "確定埋蔵量"),
    "reserve_total": ("total reserve", "埋蔵量合計"),
    "exploration_target": ("exploration target", "探査目標"),
    "unclassified": ("unclassified", "未分類"),
    # chain
    "ore": ("ore", "鉱石"),
    "mud": ("mud", "泥"),
    "concentrate": ("concentrate", "精鉱"),
    "mixed_carbonate": ("mixed carbonate", "混合炭酸塩"),
    "mixed_chloride": ("mixed chloride", "混合塩化物"),
    "mixed_oxide": ("mixed oxide", "混合酸化物"),
    "oxide": ("separated oxide", "分離酸化物"),
    "metal": ("metal", "金属"),
    "alloy": ("alloy", "合金"),
    "magnet": ("magnet", "磁石"),
    "scrap": ("scrap", "スクラップ"),
    "intermediate": ("intermediate", "中間品"),
    "chemical": ("chemical", "化学品"),
    "cracking_leaching": ("cracking and leaching", "分解・浸出"),
    "separation": ("separation", "分離精製"),
    "recycling": ("recycling", "リサイクル"),
    "lithium_refining": ("lithium refining", "リチウム精製"),
    "cobalt_refining": ("cobalt refining", "コバルト精製"),
    "nickel_refining": ("nickel refining", "ニッケル精錬"),
    "copper_refining": ("copper refining", "銅精錬"),
    "graphite_anode": ("graphite anode", "黒鉛負極材"),
    "gallium_refining": ("gallium refining", "ガリウム精製"),
    "antimony_refining": ("antimony refining", "アンチモン精錬"),
    "titanium_refining": ("titanium refining", "チタン精錬"),
    # criteria of the score that are not classes
    "season": ("open season", "航行可能期間"),
    "workforce": ("workforce town", "労働力のある町"),
    "water": ("water", "水"),
    "water_depth": ("water depth", "水深"),
    "forward_base": ("forward base with a runway", "滑走路のある前進基地"),
    "separation_plant": ("separation plant", "分離施設"),
    "lift_readiness": ("readiness of the lift system", "揚鉱技術の成熟度"),
    "workable_weather": ("workable weather", "作業可能な気象"),
    "mainland_port": ("mainland port", "本土の港"),
    "jurisdiction": ("jurisdiction", "管轄"),
    "process": ("process", "処理法"),
    # facts
    "contained_reo_kt": ("contained rare earth oxides", "含有希土類酸化物量"),
    "resource_mt": ("resource", "資源量"),
    "reserve_mt": ("reserve", "埋蔵量"),
    "host_unit_mt": ("host rock (not a resource)", "母岩（資源量ではない）"),
    "grade_treo_pct": ("grade, total rare earth oxides", "全希土類酸化物品位"),
    "exploration_target_mt": ("exploration target", "探査目標"),
    "hreo_share_pct": ("heavy rare earth share", "重希土類の割合"),
    "ndpr_share_pct": ("Nd and Pr share", "Nd・Prの割合"),
    "u_ppm": ("uranium", "ウラン"),
    "u3o8_ppm": ("uranium oxide", "酸化ウラン"),
    "th_ppm": ("thorium", "トリウム"),
    "tho2_ppm": ("thorium oxide", "酸化トリウム"),
    "gate": ("gate", "関門"),
    "capacity": ("capacity", "能力"),
    "status": ("status", "状況"),
    "operator": ("operator", "操業者"),
    "owner": ("owner", "所有者"),
    "products": ("products", "製品"),
    "feed": ("feed", "原料"),
    "logical_port": ("port it would use", "利用が見込まれる港"),
    "programme": ("programme", "政策枠組み"),
    "planned_output": ("planned output", "計画生産量"),
    "output": ("output", "生産量"),
    "capex": ("capital cost", "設備投資額"),
    "opex": ("operating cost", "操業費"),
    "npv": ("net present value", "正味現在価値"),
    "irr_pct": ("internal rate of return", "内部収益率"),
    "note_trap": ("mistaken figure or name", "誤りやすい数値・名称"),
    "host_mineral": ("host mineral", "含有鉱物"),
    "deposit_model": ("deposit model", "鉱床モデル"),
    "infrastructure": ("infrastructure", "インフラ"),
    "funding": ("funding", "資金"),
    "quoted_distance": ("quoted distance", "公表距離"),
    "refined_at": ("refined at", "製錬先"),
    "mine_life_years": ("mine life", "鉱山寿命"),
    "area_km2": ("area", "面積"),
    "schedule": ("schedule", "予定"),
    "licence": ("licence", "鉱区・許可"),
    "permit": ("permit", "許認可"),
    "offtake": ("offtake", "引取契約"),
    "cutoff": ("cut-off", "カットオフ"),
    "planned_product": ("planned product", "計画製品"),
    "water_depth_m": ("water depth", "水深"),
    "environment": ("environment", "環境"),
    "heritage": ("heritage", "遺産"),
    "recovery_pct": ("recovery", "回収率"),
    "basket_price": ("basket price", "バスケット価格"),
    "china_share": ("China's share", "中国の比率"),
    "grade": ("grade", "品位"),
    "contained": ("contained", "含有量"),
    "reserve": ("reserve", "埋蔵量"),
    # profiles of weights
    "greenland": ("Greenland", "グリーンランド"),
    "equal": ("equal", "均等"),
    "own": ("set by the user", "利用者設定"),
    # units that are words
    "years": ("years", "年"),
    "months": ("months", "か月"),
    "people": ("people", "人"),
    "km": ("km", "km"),
    # themes of the facts table
    "theme_resource": ("Resource and grade", "資源量と品位"),
    "theme_rock": ("Rock and radioactivity", "岩石と放射能"),
    "theme_study": ("Studies and money", "調査と資金"),
    "theme_chain": ("Output and chain", "生産とサプライチェーン"),
    "theme_place": ("Place and access", "場所とアクセス"),
    "theme_law": ("Licences, gates and people", "許認可・関門・関係者"),
    "theme_other": ("Other", "その他"),
}
REPORT: dict[str, tuple[str, str]] = {
    "report": ("Site-feasibility report", "サイト実現可能性レポート"),
    "site": ("Site", "サイト"),
    "verdict": ("In plain words", "要約"),
    "map": ("Where it is", "位置"),
    "ladder": ("From occurrence to product", "鉱徴から製品まで"),
    "ladder_plant": ("From plan to operation", "計画から操業まで"),
    "ladder_note": (
        "A resource is not supply: only the last rung puts a product on a ship.",
        "資源量は供給ではありません。製品が出荷されるのは最後の段階だけです。",
    ),
    "ladder_note_plant": (
        "A planned plant is not capacity: only an operating one takes feed.",
        "計画中の施設は能力ではありません。原料を受け入れるのは操業中の施設だけです。",
    ),
    "ladder_none": (
        "This entry is not a project of its own; it stands on no rung.",
        "独立した案件ではないため、段階はありません。",
    ),
    "here": ("here", "現在"),
    "standing": ("Standing", "現況"),
    "gates": ("Gates", "関門"),
    "gates_note": ("Gates are never averaged into the score.", "関門はスコアに平均して含めません。"),
    "gates_none": ("No gate is on record for this entry.", "この項目に記録された関門はありません。"),
    "unfc": ("UNFC-2019 class", "UNFC-2019区分"),
    "score": ("Access score", "アクセススコア"),
    "score_of": ("of 100", "／100"),
    "score_range": ("{low} to {high} with unknowns allowed for", "不明分を見込んだ範囲 {low}〜{high}"),
    "score_none": ("No score: {reason}", "スコアなし：{reason}"),
    "score_not_scored": ("only deposits, zones and stockpiles are scored.", "採点の対象は鉱床・区域・貯鉱のみです。"),
    "score_profile": ("Weights: {profile}", "重み：{profile}"),
    "coverage": ("Known share of the weight", "既知の重みの割合"),
    "contributions": ("What makes up the score", "スコアの内訳"),
    "contributions_note": (
        "Each bar is what a criterion gives of the points it could give; unknown criteria take no part in the total "
        "and widen its range.",
        "各棒は各基準が満点のうち与える点数です。不明な基準は合計に含めず、範囲を広げます。",
    ),
    "criterion": ("Criterion", "基準"),
    "value": ("Value", "値"),
    "value_01": ("Value 0–1", "評価値 0–1"),
    "points": ("Points", "点数"),
    "out_of": ("of possible", "満点"),
    "total": ("Total", "合計"),
    "distances": ("Distances", "距離"),
    "distances_note": (
        "Kilometres on the WGS84 ellipsoid. The range is what the stated accuracy of the two positions allows.",
        "WGS84楕円体上のkm。範囲は両地点の位置精度によるものです。",
    ),
    "to": ("To", "対象"),
    "nearest": ("Nearest", "最寄り"),
    "distance": ("Distance", "距離"),
    "range": ("Low–high", "下限–上限"),
    "direction": ("Direction", "方位"),
    "method": ("Method", "方法"),
    "source": ("Source", "出典"),
    "as_of": ("As of", "時点"),
    "fact": ("Fact", "項目"),
    "category": ("Category", "区分"),
    "facts": ("Facts on record", "記録された事実"),
    "facts_note": (
        "Every figure with its category, date and source. A resource, a target and a quoted price are different things "
        "and are never added up. “Old” marks figures more than {months} months older than this report.",
        "数値には区分・時点・出典を付しています。資源量・探査目標・公表価格は別物であり、合算しません。"
        "「古い」は本レポートより{months}か月以上前の数値です。本文と出典は英語のまま記載します。",
    ),
    "facts_none": ("No facts are on record for this site.", "記録された事実はありません。"),
    "stale": ("old", "古い"),
    "not_known_heading": ("What is not known", "わかっていないこと"),
    "any_value": (
        "any value from worst to best is allowed for in the range of the score",
        "スコアの範囲では最悪から最良までの値を見込んでいます",
    ),
    "unknown_none": ("Nothing the score needs is missing.", "スコアに必要な情報に欠けはありません。"),
    "method_heading": ("Method in ten lines", "方法（10行）"),
    "licences": ("Data used, licences and credit", "使用データ・ライセンス・帰属表示"),
    "data": ("Data", "データ"),
    "licence_word": ("Licence", "ライセンス"),
    "credit": ("Credit", "帰属表示"),
    "data_version": ("Data version", "データ版"),
    "created": ("Made on", "作成日"),
    "page": ("Page", "ページ"),
    "position": ("Position", "位置"),
    "commodities": ("Commodities", "対象鉱種"),
    "country": ("Country", "国・地域"),
    "stage": ("Stage", "段階"),
    "kind": ("Kind", "種別"),
    "also": ("Also called", "別名"),
    "local_name": ("Local name", "現地名"),
    "chain_stages": ("Steps of the chain", "工程"),
    "feeds": ("Takes in", "原料"),
    "gives": ("Puts out", "製品"),
    "host_minerals": ("Host minerals", "含有鉱物"),
    "off_map": ("beyond the map", "地図の範囲外"),
    "map_alt": (
        "Map centred on {site}, {radius} km from centre to edge. {places}",
        "{site}を中心とする地図。中心から端まで{radius} km。{places}",
    ),
    "map_note": (
        "Azimuthal equidistant, centred on the site: lines from the site are straight, true to scale and direction. "
        "Circle: accuracy of the position, ± {accuracy}.",
        "サイトを中心とする正距方位図法。サイトからの距離と方位は正確です。円は位置精度（± {accuracy}）を示します。",
    ),
    "seen_ice": ("White: ice.", "白：氷。"),
    "seen_heritage": ("Green: heritage or protected area.", "緑：遺産・保護区域。"),
    "seen_eez": ("Dashed blue: 200-mile circle, computed.", "青破線：計算による200海里円。"),
    "seen_roads": ("Brown: road corridors (schematic).", "茶：道路（概略）。"),
    "seen_railways_curated": ("Black: railway corridors (schematic).", "黒：鉄道（概略）。"),
    "seen_depth": ("Darker blue: deeper sea.", "濃い青：深い海。"),
    "globe_alt": ("Globe with the site at its centre", "サイトを中心とする地球図"),
    "north": ("N", "北"),
    "depth": ("Depth, m", "水深（m）"),
}
VERDICT: dict[str, tuple[str, str]] = {
    "v_is": ("{name} is {kind} in {country}", "{name}は{country}にある{kind}です"),
    "v_is_sea": ("{name} is {kind} in the waters of {country}", "{name}は{country}の海域にある{kind}です"),
    "v_stage": ("at the stage “{stage}”", "段階は「{stage}」です"),
    "v_status": ("its status is “{stage}”", "状態は「{stage}」です"),
    "v_standing": ("({standing})", "（{standing}）"),
    "v_port": (
        "The nearest port on record is {name}, {distance} away ({low}–{high}).",
        "記録上の最寄りの港は{name}で、距離は{distance}（{low}–{high}）です。",
    ),
    "v_port_deep": (
        "The nearest port on record is {name}, {distance} away ({low}–{high}) (10 m or more of water).",
        "記録上の最寄りの港は{name}で、距離は{distance}（{low}–{high}）、水深は10 m以上と記録されています。",
    ),
    "v_deep_port": (
        "The nearest with at least 10 m of water on record is {name}, {distance} away.",
        "水深10 m以上と記録された最寄りの港は{name}（{distance}）です。",
    ),
    "v_port_none": ("No distance to a port could be given.", "港までの距離は示せません。"),
    "v_absent": (
        "There is no {networks} to join: what is needed must be built.",
        "接続できる{networks}がなく、必要なものは新設しなければなりません。",
    ),
    "v_inapplicable": ("Not applicable here: {networks}.", "ここでは該当しません：{networks}。"),
    "v_unknown": ("Not known: {networks}.", "不明：{networks}。"),
    "v_gate_closed": ("Closed gate: {gate} ({reason}).", "閉じた関門：{gate}（{reason}）。"),
    "v_gate_conditional": ("Gates with conditions: {gates}.", "条件付きの関門：{gates}。"),
    "v_gate_unknown": ("Gates not known to be open: {gates}.", "開いているか不明な関門：{gates}。"),
    "v_gates_open": ("No gate on record is closed.", "閉じた関門は記録されていません。"),
    "v_score": (
        "The access score is {total} of 100 ({low}–{high}); {coverage} % of its weight rests on known values.",
        "アクセススコアは100点中{total}点（{low}–{high}）で、重みの{coverage} %が既知の値に基づきます。",
    ),
    "v_scope": (
        "The score says how far the site is from what it needs, not whether the deposit is worth mining.",
        "スコアは必要なものからの遠さを示すもので、採掘の価値を示すものではありません。",
    ),
    "v_scope_plant": (
        "The distances say what stands around the plant, not whether it will take a given feed.",
        "距離は施設の周囲の状況を示すもので、特定の原料を受け入れるかどうかは示しません。",
    ),
    "and": (" and ", "・"),
    "or": (" or ", "・"),
    "comma": (", ", "・"),
    "sentence_end": (".", "。"),
    "a_deposit": ("a {commodities} deposit", "{commodities}鉱床"),
    "a_mineral_deposit": ("a {commodities} deposit", "{commodities}鉱床"),
    "a_ore_deposit": ("a {commodities} deposit", "{commodities}鉱床"),
    "a_prospect": ("a {commodities} prospect", "{commodities}の探査地"),
    "a_occurrence": ("a {commodities} occurrence", "{commodities}の鉱徴"),
    "a_field": ("a {commodities} field", "{commodities}の鉱床区"),
    "a_zone": ("a {commodities} zone", "{commodities}の区域"),
    "a_complex": ("a rock complex with {commodities}", "{commodities}を含む岩体"),
    "a_island": ("an island", "島"),
    "a_limit": ("a maritime limit", "海域の境界"),
    "a_stockpile": ("a {commodities} stockpile", "{commodities}の貯鉱"),
    "a_plant": ("a plant for {commodities}", "{commodities}の施設"),
    "minerals": ("mineral", "鉱物"),
    "net_road": ("road network", "道路網"),
    "net_rail": ("railway", "鉄道"),
    "net_power": ("power grid", "送電網"),
}
METHOD_LINES: tuple[tuple[str, str], ...] = (
    (
        "Distances are shortest lines on the WGS84 ellipsoid to the nearest feature on record; they are not routes.",
        "距離はWGS84楕円体上で記録済みの最寄り地物までの最短線であり、経路ではありません。",
    ),
    (
        "Low and high carry the stated accuracy of the site and of the feature.",
        "下限・上限はサイトと地物の位置精度を反映します。",
    ),
    (
        "A missing network counts as 0 and keeps its weight; an unknown counts as anything from 0 to 1.",
        "網がない場合は0点とし重みは残します。不明は0から1のどこかとして扱います。",
    ),
    (
        "What does not apply (a railway at sea) takes no part in the score.",
        "該当しないもの（海上の鉄道など）はスコアに含めません。",
    ),
    (
        "A distance is turned into a value that halves with each step at which closing the gap costs a set share of a "
        "reference project.",
        "距離は、接続費用が基準案件の一定割合に達するごとに半減する評価値に変換します。",
    ),
    (
        "Weights are the swing in present cost from best to worst, not opinions; they can be changed.",
        "重みは最良から最悪までの現在費用の幅で、意見ではありません。変更できます。",
    ),
    (
        "Value times weight is a contribution; contributions add up to the score.",
        "評価値×重みが寄与となり、寄与の合計がスコアです。",
    ),
    (
        "Gates (law, protected areas, consent, unproven process) stand beside the score and are never averaged in.",
        "関門（法律・保護区域・同意・未実証の処理法）はスコアとは別に示し、平均しません。",
    ),
    (
        "The UNFC class is text with its reason; it is not turned into a number.",
        "UNFC区分は理由付きの文字で示し、数値化しません。",
    ),
    (
        "Facts keep their source, date and category; where sources disagree every side is shown.",
        "事実には出典・時点・区分を付し、出典が食い違う場合はすべて示します。",
    ),
)
COUNTRIES_JA: dict[str, str] = {
    "AU": "オーストラリア", "BE": "ベルギー", "CA": "カナダ", "CN": "中国", "DE": "ドイツ", "EE": "エストニア",
    "FI": "フィンランド", "FR": "フランス", "GB": "英国", "GL": "グリーンランド", "IN": "インド", "JP": "日本",
    "KR": "韓国", "KZ": "カザフスタン", "MY": "マレーシア", "NO": "ノルウェー", "OM": "オマーン", "PL": "ポーランド",
    "SA": "サウジアラビア", "SE": "スウェーデン", "US": "米国", "VN": "ベトナム",
}  # fmt: skip
DIRECTIONS: tuple[tuple[str, str], ...] = (
    ("N", "北"), ("NE", "北東"), ("E", "東"), ("SE", "南東"), ("S", "南"), ("SW", "南西"), ("W", "西"), ("NW", "北西"),
)  # fmt: skip
COMMODITIES: dict[str, tuple[str, str]] = {
    "REE": ("rare earth", "希土類"),
    "HREE": ("heavy rare earth", "重希土類"),
    "NdPr": ("neodymium–praseodymium", "ネオジム・プラセオジム"),
    "Nb": ("niobium", "ニオブ"),
    "Ta": ("tantalum", "タンタル"),
    "Zr": ("zirconium", "ジルコニウム"),
    "Sb": ("antimony", "アンチモン"),
    "Ga": ("gallium", "ガリウム"),
    "Li": ("lithium", "リチウム"),
    "Co": ("cobalt", "コバルト"),
    "Ni": ("nickel", "ニッケル"),
    "Cu": ("copper", "銅"),
    "W": ("tungsten", "タングステン"),
    "V": ("vanadium", "バナジウム"),
    "Sc": ("scandium", "スカンジウム"),
    "Ti": ("titanium", "チタン"),
    "Zn": ("zinc", "亜鉛"),
    "U": ("uranium", "ウラン"),
    "Th": ("thorium", "トリウム"),
    "P": ("phosphorus", "リン"),
    "Au": ("gold", "金"),
    "Mg": ("magnesium", "マグネシウム"),
    "Sn": ("tin", "スズ"),
    "graphite": ("graphite", "黒鉛"),
    "Y": ("yttrium", "イットリウム"),
    "Hf": ("hafnium", "ハフニウム"),
    "Mo": ("molybdenum", "モリブデン"),
    "Pb": ("lead", "鉛"),
    "Be": ("beryllium", "ベリリウム"),
    "F": ("fluorine", "フッ素"),
    "PGM": ("platinum-group", "白金族"),
    "Ge": ("germanium", "ゲルマニウム"),
    "Sm": ("samarium", "サマリウム"),
    "In": ("indium", "インジウム"),
    "Al": ("aluminium", "アルミニウム"),
    "cryolite": ("cryolite", "氷晶石"),
    "quartz": ("quartz", "石英"),
}
FORMULAS: dict[str, str] = {
    "treo": "TREO", "reo": "REO", "rey": "REY", "nb2o5": "Nb₂O₅", "ta2o5": "Ta₂O₅", "zro2": "ZrO₂", "hfo2": "HfO₂",
    "li2o": "Li₂O", "p2o5": "P₂O₅", "u3o8": "U₃O₈", "sb": "Sb", "ga": "Ga", "sc": "Sc", "ni": "Ni", "co": "Co",
    "au": "Au", "nb": "Nb", "nd": "Nd", "pr": "Pr", "ndpr": "NdPr", "tgc": "graphitic C", "hm": "heavy minerals",
    "th": "Th", "u": "U",
}  # fmt: skip
FIELD_PARTS = frozenset({"grade", "contained", "concentrate", "resource", "reserve"})
UNITS_IN_FIELDS = frozenset({"pct", "ppm", "mt", "kt", "gpt", "km", "km2", "m", "mlb", "y"})
LABELS: dict[str, tuple[str, str]] = {
    **CLASS_SHORT,
    **WORDS,
    **{key: value for key, value in STAGE_LABELS.items() if key},
    **REPORT,
    **VERDICT,
    **JUDGEMENT,
    **{f"class_{key}": value for key, value in CLASS_LABELS.items()},
    **{f"nil_{key}": value for key, value in NIL_LABELS.items()},
    **{f"standing_{key}": value for key, value in STANDING_LABELS.items()},
    "not_known": NIL_LABELS["unknown"],
}


def pick(pair: tuple[str, str], lang: Language) -> str:
    """Return the side of an (English, Japanese) pair."""
    return pair[LANGUAGES.index(lang)]


def label(key: str, lang: Language = "en") -> str:
    """Return the word for a key; a key nobody has named yet is returned readable, with spaces for underscores."""
    return pick(LABELS[key], lang) if key in LABELS else key.replace("_", " ")


def readable(text: str, lang: Language = "en") -> str:
    """Return a sentence of the data with raw words of the vocabulary (cracking_leaching) put as words for people."""
    return RAW_WORD.sub(lambda found: label(found.group(), lang), text)


def phrase(text: str, lang: Language = "en") -> str:
    """Return a sentence the judgement makes, in Japanese where it is a fixed one; its raw words are made readable."""
    parts = [PHRASES.get(part, part) if lang == "ja" else part for part in text.split("; ")]
    return readable("; ".join(parts), lang)


def class_label(infrastructure_class: str, lang: Language = "en", *, short: bool = False) -> str:
    """Return the words for a class of `nearest`, with its threshold unless short."""
    table = CLASS_SHORT if short else CLASS_LABELS
    return (
        pick(table[infrastructure_class], lang) if infrastructure_class in table else label(infrastructure_class, lang)
    )


def nil_label(nil: str, lang: Language = "en") -> str:
    """Return what is printed in place of a value that is absent; "" when it is present."""
    return pick(NIL_LABELS[nil], lang) if nil else ""


def stage_label(stage: str, lang: Language = "en") -> str:
    """Return the words for a deposit's stage or a plant's status."""
    return pick(STAGE_LABELS[stage], lang) if stage in STAGE_LABELS else label(stage, lang)


def standing_label(standing: str, lang: Language = "en") -> str:
    """Return the words for whether work goes on; "" when it is not said."""
    return pick(STANDING_LABELS[standing], lang) if standing else ""


def fact_label(field: str, lang: Language = "en") -> str:
    """Return the words for a fact's field; the unit at its end is left to the unit column, oxides become formulas."""
    if field in LABELS:
        return label(field, lang)
    parts = field.split("_")
    while len(parts) > 1 and parts[-1] in UNITS_IN_FIELDS:
        parts.pop()
    words = [FORMULAS.get(part) or (label(part, lang) if part in FIELD_PARTS else part) for part in parts]
    return " ".join(words)


def country_label(name: str, country_code: str, lang: Language = "en") -> str:
    """Return the country's name, in Japanese where the product has one."""
    return COUNTRIES_JA.get(country_code, name) if lang == "ja" else name


def commodity_label(symbol: str, lang: Language = "en") -> str:
    """Return the word for a commodity symbol."""
    return pick(COMMODITIES[symbol], lang) if symbol in COMMODITIES else symbol


def direction_label(azimuth_deg: float, lang: Language = "en") -> str:
    """Return the nearest of eight compass points; "" when there is none."""
    if not math.isfinite(azimuth_deg):
        return ""
    return pick(DIRECTIONS[round(azimuth_deg % 360 / 45) % 8], lang)


def joined(words: list[str], lang: Language = "en", *, last: str = "and") -> str:
    """Return words as a list in a sentence: "road, railway and power"."""
    if len(words) < 2:
        return "".join(words)
    return label("comma", lang).join(words[:-1]) + label(last, lang) + words[-1]


def number(value: float, digits: int = 0, lang: Language = "en") -> str:
    """Return a number with thousands separators; NaN and None are "not known", never 0."""
    if value is None or math.isnan(value):
        return nil_label("unknown", lang)
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.removeprefix("-")


def km(value: float, lang: Language = "en") -> str:
    """Return kilometres for people: one decimal below 10 km, none above."""
    if value is None or math.isnan(value):
        return nil_label("unknown", lang)
    return f"{kilometres(value, lang)}{NO_BREAK_SPACE}km"


def kilometres(value: float, lang: Language = "en") -> str:
    """Return kilometres without the unit, for columns headed by it."""
    if value is None or math.isnan(value):
        return nil_label("unknown", lang)
    return number(value, 1 if abs(value) < 9.95 else 0, lang)


def amount(value: float, lang: Language = "en") -> str:
    """Return a quantity or a sum of money: no decimal from 10 on, one below."""
    if value is None or math.isnan(value):
        return nil_label("unknown", lang)
    return number(value, 0 if abs(value) >= 9.95 else 1, lang)
