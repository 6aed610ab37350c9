package comm.backend.hccl.window;

import comm.backend.hccl.cann.CannAbi;
import comm.backend.hccl.cann.CannException;

/** Which failures only say that a strategy is of no use here, so that the next one is tried. */
final class Refusals {

  private static final String IPC_IMPORT = "aclrtIpcMemImportByKey";

  private Refusals() {}

  /** Whether another strategy may work where this one failed so. */
  static boolean isRefusal(StrategyName name, CannException failure) {
    int code = failure.code();
    if (code == CannAbi.ACL_ERROR_RT_FEATURE_NOT_SUPPORT
        || code == CannAbi.ACL_ERROR_API_NOT_SUPPORT
        || code == CannAbi.HCCL_E_NOT_SUPPORT) {
      return true;
    }
    // Servers whose devices are joined by PCIe alone refuse to import keys in this way.
    return name == StrategyName.IPC
        && code == CannAbi.ACL_ERROR_RT_DRV_INTERNAL_ERROR
        && failure.function().equals(IPC_IMPORT);
  }

  /** Whether a device has not enough memory. */
  static boolean isShortage(CannException failure) {
    int code = failure.code();
    return code == CannAbi.ACL_ERROR_BAD_ALLOC
        || code == CannAbi.ACL_ERROR_RT_MEMORY_ALLOCATION
        || code == CannAbi.ACL_ERROR_RT_DEVICE_OOM;
  }
}
