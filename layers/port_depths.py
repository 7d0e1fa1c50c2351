"""How deep a port of the World Port Index is alongside: one rule for what is shipped and what is fetched later."""

import numpy as np
import pandas as pd

DEEP_M = 10.0  # of a deep-water port, as data/methods/classes.csv has it
DEEPEST_DRAUGHT_M = 25.0  # no ship draws more: larger entries are a beam or a length typed in the wrong field


def with_depths(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of ports with depth_m and depth_basis, and no draught that no ship has.

    The depth is that of the pier, or the deepest ship on record if that draws more, else the channel where there are
    wharves. An anchorage alone does not make a port deep: ore cannot be loaded there without lighters. In a large
    harbour, and in a medium one whose channel is deep, a shallow pier is an old quay among others: how deep these are
    is not known.

    Args:
        table: pier_depth_m, max_draught_m, channel_depth_m in metres, NaN where not filled in; wharves, "Yes" or other;
            harbor_size, if it is known.
    """
    draught = table["max_draught_m"].mask(table["max_draught_m"] > DEEPEST_DRAUGHT_M)
    pier, channel = table["pier_depth_m"], table["channel_depth_m"]
    berth = pd.concat([pier, draught], axis=1).max(axis=1)
    at_wharves = channel.where(table["wharves"] == "Yes")
    size = table["harbor_size"] if "harbor_size" in table.columns else pd.Series("", index=table.index)
    doubtful = (berth < DEEP_M) & ((size == "Large") | ((size == "Medium") & (channel >= DEEP_M)))
    basis = np.select(
        [doubtful, draught > pier.fillna(0), berth.notna(), at_wharves.notna()],
        ["in_doubt", "vessel_draught", "pier", "channel"],
        default="unknown",
    )
    depth = berth.fillna(at_wharves).mask(doubtful)
    return table.assign(max_draught_m=draught, depth_m=depth, depth_basis=basis)
