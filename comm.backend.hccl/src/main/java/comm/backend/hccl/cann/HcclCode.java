package comm.backend.hccl.cann;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The codes of {@code HcclResult}. {@code HCCL_E_RESERVED} is left out: its number is another one
 * in each version.
 */
final class HcclCode {

  private static final String DEFECT =
      "this is a defect of the backend unless CANN says more; keep the log (plog)";

  private static final String LOGS =
      "look into the newest plog below ASCEND_PROCESS_LOG_PATH (default ~/ascend/log)";

  private static final String ADDRESSES =
      "check that every host reaches the address that HCCL chose: it takes HCCL_IF_IP, else the"
          + " interface of HCCL_SOCKET_IFNAME, else the first one, and ports from HCCL_IF_BASE_PORT"
          + " (default 60000) on must be free and open";

  private static final String LINKS =
      "check the network between the devices with hccn_tool, and look at the errors of the other"
          + " ranks";

  private static final String FIRST_ERROR = "look for an earlier error of this rank, and " + LOGS;

  private static final List<CodeMeaning> ALL =
      List.of(
          code(
              1,
              "PARA",
              "an argument is not valid",
              "check that all ranks were started with one number of ranks and each with a rank of"
                  + " its own, and that the HCCL_ variables hold what they may"),
          code(2, "PTR", "an address is NULL", DEFECT),
          code(
              3,
              "MEMORY",
              "no memory",
              "lower HCCL_BUFFSIZE (each communicator takes it twice), use fewer communicators, or"
                  + " see with npu-smi info who else uses the device"),
          code(4, "INTERNAL", "HCCL failed inside", FIRST_ERROR),
          code(
              5,
              "NOT_SUPPORT",
              "this device or this CANN version does not support it",
              "use a CANN version that is made for the device, and check HCCL_OP_EXPANSION_MODE"),
          code(6, "NOT_FOUND", "there is no such object", DEFECT),
          code(
              7,
              "UNAVAIL",
              "a resource is not available",
              "see whether other processes use the device or the ports from HCCL_IF_BASE_PORT on"),
          code(
              8,
              "SYSCALL",
              "a system call failed",
              "check the limits of the process (ulimit -n, ulimit -l) and of the container; "
                  + LOGS),
          code(
                  9,
                  "TIMEOUT",
                  "not all ranks came in time",
                  "see whether every rank was started and got as far as this one; then "
                      + ADDRESSES
                      + "; or raise HCCL_CONNECT_TIMEOUT (120 to 7200 seconds, default 120; HCCL"
                      + " adds 20)")
              .timeout(),
          code(
              10,
              "OPEN_FILE_FAILURE",
              "a file could not be opened",
              "check that the files that HCCL_ variables name are there and may be read"),
          code(11, "TCP_CONNECT", "hosts could not connect", ADDRESSES),
          code(12, "ROCE_CONNECT", "devices could not connect", LINKS),
          code(13, "TCP_TRANSFER", "a connection between hosts broke", ADDRESSES),
          code(14, "ROCE_TRANSFER", "a connection between devices broke", LINKS),
          code(
              15,
              "RUNTIME",
              "the runtime below HCCL failed",
              "it is often a device that is not set on this thread, is not there, or had a fault"
                  + " before: "
                  + FIRST_ERROR),
          code(
              16,
              "DRV",
              "the driver failed",
              "check that driver and CANN versions fit together and that the device is healthy"
                  + " (npu-smi info); "
                  + LOGS),
          code(17, "PROFILING", "profiling failed", "start without profiling"),
          code(18, "CCE", "the compiler of kernels failed", FIRST_ERROR),
          code(19, "NETWORK", "the network failed", ADDRESSES + "; " + LINKS),
          code(
              20,
              "AGAIN",
              "the communicator is still in use",
              "wait until the work on its streams has ended, then call again"),
          code(
              21,
              "REMOTE",
              "another rank's device reported an error",
              "look at the errors of the other ranks first"),
          code(
              22,
              "SUSPENDING",
              "the communicator is suspended",
              "resume it, or end the process and start a new one"),
          code(23, "OPRETRY_FAIL", "HCCL repeated a failed operation in vain", LINKS),
          code(
              24,
              "OOM",
              "the device ran out of memory",
              "lower HCCL_BUFFSIZE (each communicator takes it twice), or ask for smaller windows"),
          code(
              1041,
              "IN_STATUS",
              "the communicator's state does not allow it",
              "a rank reported an error to this communicator before: " + FIRST_ERROR));

  private static final Map<Integer, CodeMeaning> BY_CODE =
      ALL.stream().collect(Collectors.toUnmodifiableMap(CodeMeaning::code, Function.identity()));

  private HcclCode() {}

  private static CodeMeaning code(int code, String name, String explanation, String advice) {
    return new CodeMeaning(code, "HCCL_E_" + name, explanation, advice);
  }

  /** Every code with a name here. */
  static List<CodeMeaning> all() {
    return ALL;
  }

  /** What a code means; HCCL also passes on codes of ACL. */
  static CodeMeaning of(int code) {
    CodeMeaning known = BY_CODE.get(code);
    if (known != null) {
      return known;
    }
    return code >= 100_000
        ? AclCode.of(code)
        : new CodeMeaning(code, "", "an unknown code of HCCL", FIRST_ERROR);
  }
}
