package comm.backend.hccl.cann;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The codes of {@code aclError}: what each means and what to do. */
final class AclCode {

  static final int REPEAT_INITIALIZE = 100002;

  private static final String DEFECT =
      "this is a defect of the backend unless CANN says more; keep the device log (plog)";

  private static final String LOGS =
      "look into the newest plog below ASCEND_PROCESS_LOG_PATH (default ~/ascend/log)";

  private static final String HARDWARE =
      "check the device with npu-smi info and its health in "
          + "the device log; leave it out with ASCEND_RT_VISIBLE_DEVICES until it is repaired";

  private static final String RESTART =
      "the device's context of this process is unusable from here on: end the process and start a"
          + " new one; ";

  private static final String MEMORY =
      "ask for smaller windows, lower HCCL_BUFFSIZE (each communicator takes it twice), or see with"
          + " npu-smi info who else uses the device";

  private static final String KERNEL =
      RESTART
          + "a kernel failed earlier on this device and shows only now; "
          + LOGS
          + " for the first error";

  private static final List<CodeMeaning> ALL =
      List.of(
          acl(100000, "INVALID_PARAM", "an argument is not valid", DEFECT),
          acl(
              100001,
              "UNINITIALIZE",
              "ACL is not initialised in this process, or was finalised",
              "another library in this process may have called aclFinalize; let only one do so"),
          acl(
              REPEAT_INITIALIZE,
              "REPEAT_INITIALIZE",
              "ACL was initialised before in this process",
              "harmless: whoever initialised it finalises it"),
          acl(
              100003,
              "INVALID_FILE",
              "a file is not valid",
              "check the files of the CANN installation, and reinstall if they are damaged"),
          acl(
                  100036,
                  "WAIT_CALLBACK_TIMEOUT",
                  "no callback came in time",
                  "see whether the device is busy with npu-smi info; " + LOGS)
              .timeout(),
          acl(
              100037,
              "REPEAT_FINALIZE",
              "ACL was finalised before in this process",
              "let only one library of the process call aclFinalize"),
          acl(
              100039,
              "COMPILING_STUB_MODE",
              "this is a stub library, made to link with and not to run",
              "take directories named devlib or stub out of LD_LIBRARY_PATH, put lib64 of CANN there,"
                  + " and start Java anew"),
          acl(200000, "BAD_ALLOC", "no host memory", "give the host or the container more memory"),
          acl(
              200001,
              "API_NOT_SUPPORT",
              "this device or this CANN version does not have the function",
              "use a CANN version that is made for the device"),
          acl(200002, "INVALID_DEVICE", "there is no such device", visibleDevices()),
          acl(
              200007,
              "PROF_MODULES_UNSUPPORTED",
              "profiling of these modules is not possible",
              "start without profiling"),
          acl(300000, "STORAGE_OVER_LIMIT", "too much is stored", "free disk space; " + LOGS),
          acl(500000, "INTERNAL_ERROR", "ACL failed inside", LOGS),
          acl(500001, "FAILURE", "ACL failed and says no more", LOGS),
          acl(500003, "RT_FAILURE", "the runtime failed inside", LOGS),
          acl(
              500004,
              "DRV_FAILURE",
              "the driver failed",
              "check that driver and CANN versions fit together (npu-smi info, version.info), and "
                  + LOGS),
          rt(107000, "PARAM_INVALID", "an argument is not valid", DEFECT),
          rt(107001, "INVALID_DEVICEID", "there is no device of this number", visibleDevices()),
          rt(
              107002,
              "CONTEXT_NULL",
              "this thread has chosen no device",
              "call aclrtSetDevice on the thread first: the device is a property of each thread; if"
                  + " only the backend uses ACL, this is a defect of it"),
          rt(
              107003,
              "STREAM_CONTEXT",
              "the stream belongs to another context than this thread's",
              "use a stream on a thread that has set the stream's device, and not after"
                  + " aclrtResetDevice"),
          rt(107008, "ADDR_UNALIGNED", "an address is not aligned", DEFECT),
          rt(107016, "INVALID_MEMORY_TYPE", "this kind of memory is not valid here", DEFECT),
          rt(
              107017,
              "INVALID_HANDLE",
              "the handle is not valid",
              "its owner has freed it or has ended: keep exporters alive until all have imported"),
          rt(
                  107019,
                  "WAIT_TIMEOUT",
                  "a wait for the device took longer than its limit",
                  "see with npu-smi info whether the device is busy, and " + LOGS)
              .timeout(),
          rt(
              107022,
              "DEVICE_TASK_ABORT",
              "the device is aborting its tasks",
              "another thread or a watchdog stopped them; end the process and start a new one"),
          rt(
              107023,
              "STREAM_ABORT",
              "the stream is being aborted",
              "another thread or a watchdog stopped it; end the process and start a new one"),
          rt(
              207000,
              "FEATURE_NOT_SUPPORT",
              "this device, driver or virtual machine does not support it",
              "fabric handles need an A3 that is not virtualised; other devices share memory by"
                  + " handles within one host, so start all ranks on one host"),
          rt(207001, "MEMORY_ALLOCATION", "no device memory is left", MEMORY),
          rt(
              207004,
              "NO_DEVICE",
              "no device was found",
              "look for /dev/davinci0 and /dev/davinci_manager; in a container they must be passed"
                  + " in"),
          rt(207005, "RESOURCE_ALLOC_FAIL", "a resource of the device ran out", MEMORY),
          rt(
              207006,
              "NO_PERMISSION",
              "the user may not use the device",
              "join the group of /dev/davinci* (HwHiAiUser), and pass the devices into the"
                  + " container"),
          rt(
              207008,
              "NO_STREAM_RESOURCE",
              "the device has no more streams",
              "use fewer communicators or processes on this device"),
          rt(207018, "DEVICE_OOM", "the device itself ran out of memory", MEMORY),
          rt(207020, "TIMEOUT", "the driver did not answer in time", HARDWARE).timeout(),
          rt(507000, "INTERNAL_ERROR", "the runtime failed inside", KERNEL),
          rt(
              507010,
              "LOST_HEARTBEAT",
              "the device's task scheduler stopped answering",
              "the device hangs or was reset; " + HARDWARE),
          rt(507014, "AICORE_TIMEOUT", "a kernel on the AI cores ran too long", KERNEL),
          rt(507015, "AICORE_EXCEPTION", "a kernel on the AI cores failed", KERNEL),
          rt(507017, "AICPU_TIMEOUT", "a kernel on the device's AI CPU ran too long", KERNEL),
          rt(
              507018,
              "AICPU_EXCEPTION",
              "a kernel on the device's AI CPU failed or was stopped for running too long, some time"
                  + " before the call that reports it",
              RESTART
                  + "a kernel may be stopped after 60 s on A3 and 28 s on A2, so see first whether"
                  + " another rank was that late or had ended; then "
                  + LOGS
                  + "; HCCL_OP_EXPANSION_MODE says whether HCCL runs on the AI CPU"),
          rt(
              507022,
              "IPC_ERROR",
              "processes could not share memory",
              "check that the ranks run as one user on one host; " + LOGS),
          rt(
                  507046,
                  "STREAM_SYNC_TIMEOUT",
                  "the work of the stream did not end in time; it still runs",
                  "see whether another rank is late or has ended, or raise the time-out")
              .timeout(),
          rt(507052, "COPY_DATA", "copying failed", KERNEL),
          rt(507053, "DEVICE_MEM_ERROR", "the device's memory has an error", HARDWARE),
          rt(
              507054,
              "HBM_MULTI_BIT_ECC_ERROR",
              "the device's memory has an error that can't be corrected",
              HARDWARE),
          rt(507055, "SUSPECT_DEVICE_MEM_ERROR", "the device's memory may have an error", HARDWARE),
          rt(
              507056,
              "LINK_ERROR",
              "the link between devices has an error",
              "check the link with hccn_tool, and " + HARDWARE),
          rt(
              507057,
              "SUSPECT_REMOTE_ERROR",
              "another device or the link to it may have an error",
              "look at the errors of the other ranks first; check the link with hccn_tool"),
          rt(
              507899,
              "DRV_INTERNAL_ERROR",
              "the driver refused, as it also does each call after a fault of the device",
              "look for an earlier error of this process: after a fault only a new process helps; if"
                  + " this is the first one, the devices may be unable to share memory (PCIe cards), or"
                  + " the exporter has ended"),
          rt(507900, "AICPU_INTERNAL_ERROR", "the device's AI CPU failed inside", KERNEL),
          rt(
              507901,
              "SOCKET_CLOSE",
              "the connection between host and device (HDC) broke",
              "the device was reset or its driver restarted: end the process, check npu-smi info, and"
                  + " start a new one"),
          rt(
              507904,
              "COMM_OP_RETRY_FAIL",
              "HCCL repeated a failed operation in vain",
              "check the link between the devices with hccn_tool, and look at the errors of the other"
                  + " ranks"));

  /** Codes of which no more can be said than their names and ranges do. */
  private static final String ONLY_NAMES =
      """
      107004 MODEL_CONTEXT, 107005 STREAM_MODEL, 107006 EVENT_TIMESTAMP_INVALID,
      107007 EVENT_TIMESTAMP_REVERSAL, 107009 FILE_OPEN, 107010 FILE_WRITE,
      107011 STREAM_SUBSCRIBE, 107012 THREAD_SUBSCRIBE, 107013 GROUP_NOT_SET,
      107014 GROUP_NOT_CREATE, 107015 STREAM_NO_CB_REG, 107018 INVALID_MALLOC_TYPE,
      107020 TASK_TIMEOUT, 107021 SYSPARAMOPT_NOT_SET, 207002 MEMORY_FREE,
      207003 AICORE_OVER_FLOW, 207007 NO_EVENT_RESOURCE, 207009 NO_NOTIFY_RESOURCE,
      207010 NO_MODEL_RESOURCE, 207011 NO_CDQ_RESOURCE, 207012 OVER_LIMIT, 207013 QUEUE_EMPTY,
      207014 QUEUE_FULL, 207015 REPEATED_INIT, 207016 AIVEC_OVER_FLOW, 207017 OVER_FLOW,
      507001 TS_ERROR, 507002 STREAM_TASK_FULL, 507003 STREAM_TASK_EMPTY,
      507004 STREAM_NOT_COMPLETE, 507005 END_OF_SEQUENCE, 507006 EVENT_NOT_COMPLETE,
      507007 CONTEXT_RELEASE_ERROR, 507008 SOC_VERSION, 507009 TASK_TYPE_NOT_SUPPORT,
      507011 MODEL_EXECUTE, 507012 REPORT_TIMEOUT, 507013 SYS_DMA, 507016 AICORE_TRAP_EXCEPTION,
      507019 AICPU_DATADUMP_RSP_ERR, 507020 AICPU_MODEL_RSP_ERR, 507021 PROFILING_ERROR,
      507023 MODEL_ABORT_NORMAL, 507024 KERNEL_UNREGISTERING, 507027 KERNEL_LOOKUP,
      507028 KERNEL_DUPLICATE, 507033 DEV_SETUP_ERROR, 507034 VECTOR_CORE_TIMEOUT,
      507035 VECTOR_CORE_EXCEPTION, 507036 VECTOR_CORE_TRAP_EXCEPTION, 507040 INVALID_DIEID,
      507042 AICORE_TRAP_READ_OVERFLOW, 507043 AICORE_TRAP_WRITE_OVERFLOW,
      507044 VECTOR_CORE_TRAP_READ_OVERFLOW, 507045 VECTOR_CORE_TRAP_WRITE_OVERFLOW,
      507047 EVENT_SYNC_TIMEOUT, 507048 FFTS_PLUS_TIMEOUT, 507049 FFTS_PLUS_EXCEPTION,
      507050 FFTS_PLUS_TRAP_EXCEPTION, 507051 SEND_MSG, 507902 AICPU_INFO_LOAD_RSP_ERR
      """;

  private static final Map<Integer, String> NAMES =
      Pattern.compile("[,\\s]+(?=[0-9]{6})")
          .splitAsStream(ONLY_NAMES.strip())
          .collect(
              Collectors.toUnmodifiableMap(
                  entry -> Integer.valueOf(entry.substring(0, 6)), entry -> entry.substring(7)));

  private static final Map<Integer, CodeMeaning> BY_CODE =
      ALL.stream().collect(Collectors.toUnmodifiableMap(CodeMeaning::code, Function.identity()));

  private AclCode() {}

  private static CodeMeaning acl(int code, String name, String explanation, String advice) {
    return new CodeMeaning(code, "ACL_ERROR_" + name, explanation, advice);
  }

  private static CodeMeaning rt(int code, String name, String explanation, String advice) {
    return new CodeMeaning(code, "ACL_ERROR_RT_" + name, explanation, advice);
  }

  private static String visibleDevices() {
    return "devices are counted from 0 among those that ASCEND_RT_VISIBLE_DEVICES names (ascending,"
        + " without spaces), or all; npu-smi info lists them";
  }

  /** Every code with an explanation of its own. */
  static List<CodeMeaning> all() {
    return ALL;
  }

  /** What a code means; for an unknown one, who is likely to blame, by its range. */
  static CodeMeaning of(int code) {
    CodeMeaning known = BY_CODE.get(code);
    return known != null ? known : byRange(code);
  }

  private static CodeMeaning byRange(int code) {
    String known = NAMES.get(code);
    String name = known == null ? "" : "ACL_ERROR_RT_" + known;
    return switch (code / 100_000) {
      case 1 -> new CodeMeaning(code, name, "the call was refused for how it was made", DEFECT);
      case 2 -> new CodeMeaning(code, name, "a resource is missing or ran out", MEMORY);
      case 3 -> new CodeMeaning(code, name, "storage ran out", LOGS);
      case 5 -> new CodeMeaning(code, name, "CANN, the driver or the device failed inside", LOGS);
      default -> new CodeMeaning(code, name, "an unknown code of ACL", LOGS);
    };
  }
}
