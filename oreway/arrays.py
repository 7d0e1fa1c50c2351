"""What our arrays hold, one name for one type wherever they are annotated."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]
Singles = npt.NDArray[np.float32]
Ints32 = npt.NDArray[np.int32]
