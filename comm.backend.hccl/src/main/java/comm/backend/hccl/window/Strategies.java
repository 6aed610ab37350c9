package comm.backend.hccl.window;

import comm.backend.hccl.cann.Cann;
import comm.backend.hccl.device.Device;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which strategies a rank can offer. That a strategy is possible says that its functions are there
 * and that the device is of the right kind; whether it works shows when it is tried.
 */
public final class Strategies {

  private static final String FABRIC_EXPORT = "aclrtMemExportToShareableHandleV2";
  private static final String SHAREABLE_EXPORT = "aclrtMemExportToShareableHandle";
  private static final String IPC_EXPORT = "aclrtIpcMemGetExportKey";
  private static final String MC2_ALLOC = "HcclAllocComResourceByTiling";

  /** A3; A2 is 910B, without the fabric. */
  private static final String A3 = "Ascend910_93";

  private static final String A5 = "Ascend950";

  private Strategies() {}

  /**
   * What stands against each strategy on this rank; nothing where the text is empty.
   *
   * @param socName what {@code aclrtGetSocName} says, or the empty string
   * @param onOneHost whether all ranks are on one host
   */
  public static Map<StrategyName, String> objections(Cann cann, String socName, boolean onOneHost) {
    Map<StrategyName, String> objections = new EnumMap<>(StrategyName.class);
    objections.put(
        StrategyName.FABRIC,
        !socName.startsWith(A3) && !socName.startsWith(A5)
            ? "SoC " + (socName.isEmpty() ? "unknown" : socName) + " has no fabric handles"
            : without(cann, FABRIC_EXPORT));
    objections.put(StrategyName.VMM, onOneHost ? without(cann, SHAREABLE_EXPORT) : severalHosts());
    objections.put(StrategyName.IPC, onOneHost ? without(cann, IPC_EXPORT) : severalHosts());
    objections.put(StrategyName.MC2, without(cann, MC2_ALLOC));
    return objections;
  }

  private static String severalHosts() {
    return "the ranks are on several hosts";
  }

  private static String without(Cann cann, String symbol) {
    return cann.has(symbol) ? "" : "this CANN has no " + symbol;
  }

  /** Whether processes that may import a shareable handle must be named, as before CANN 8.5. */
  static boolean listsPids(Cann cann) {
    // The flag that lifts it came together with this function.
    return !cann.has(FABRIC_EXPORT);
  }

  static Sharing begin(StrategyName name, Device device, long communicator, int rank, int ranks) {
    return switch (name) {
      case FABRIC -> new PhysicalSharing(device, rank, true, false);
      case VMM -> new PhysicalSharing(device, rank, false, listsPids(device.cann()));
      case IPC -> new IpcSharing(device, rank);
      case MC2 -> new Mc2Sharing(device, communicator, rank, ranks);
    };
  }
}
