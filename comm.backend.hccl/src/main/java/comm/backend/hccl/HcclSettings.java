package comm.backend.hccl;

import comm.backend.hccl.window.StrategyName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What {@code comm.hccl.*} says.
 *
 * @param devices logical numbers of the devices, rank r takes the one at r modulo their number;
 *     empty for all devices of the machine
 * @param strategy how windows are made reachable; empty for the first that works on every rank
 * @param hostBarrier whether barriers meet on the host instead of on the device
 * @param bufferMegabytes size of HCCL's own buffers, as HCCL_BUFFSIZE
 * @param host identity of this host among the ranks, if it isn't the kernel's
 */
record HcclSettings(
    List<Integer> devices,
    Optional<StrategyName> strategy,
    boolean hostBarrier,
    OptionalInt bufferMegabytes,
    Optional<String> host) {

  private static final String DEVICES = "devices";
  private static final String STRATEGY = "strategy";
  private static final String BARRIER = "barrier";
  private static final String BUFFER = "buffer-mb";
  private static final String HOST = "host";
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of(DEVICES, STRATEGY, BARRIER, BUFFER, HOST));

  /** Reads them, before anything is touched. */
  static HcclSettings of(Map<String, String> properties) {
    for (String key : properties.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "backend hccl has no setting \"hccl."
                + key
                + "\"; it has "
                + KEYS.stream().map(known -> "hccl." + known).collect(Collectors.joining(", ")));
      }
    }
    return new HcclSettings(
        devices(properties.getOrDefault(DEVICES, "")),
        strategy(properties.getOrDefault(STRATEGY, "auto")),
        hostBarrier(properties.getOrDefault(BARRIER, "device")),
        buffer(properties.getOrDefault(BUFFER, "")),
        Optional.ofNullable(properties.get(HOST)).filter(value -> !value.isBlank()));
  }

  /** The device of a rank, where a machine has so many. */
  int device(int rank, int count) {
    return devices.isEmpty() ? rank % Math.max(1, count) : devices.get(rank % devices.size());
  }

  private static List<Integer> devices(String value) {
    List<Integer> devices = new ArrayList<>();
    if (value.isBlank()) {
      return devices;
    }
    for (String part : value.split(",", -1)) {
      devices.add(number(DEVICES, value, part, 0, "numbers from 0 on, separated by commas"));
    }
    return List.copyOf(devices);
  }

  private static Optional<StrategyName> strategy(String value) {
    if (value.equals("auto")) {
      return Optional.empty();
    }
    for (StrategyName name : StrategyName.values()) {
      if (name.toString().equals(value)) {
        return Optional.of(name);
      }
    }
    throw refusal(
        STRATEGY,
        value,
        "auto, "
            + Arrays.stream(StrategyName.values())
                .map(StrategyName::toString)
                .collect(Collectors.joining(", ")));
  }

  private static boolean hostBarrier(String value) {
    return switch (value) {
      case "device" -> false;
      case "host" -> true;
      default -> throw refusal(BARRIER, value, "device, host");
    };
  }

  private static OptionalInt buffer(String value) {
    return value.isBlank()
        ? OptionalInt.empty()
        : OptionalInt.of(number(BUFFER, value, value, 1, "a number of megabytes from 1 on"));
  }

  private static int number(String key, String whole, String part, int least, String allowed) {
    try {
      int number = Integer.parseInt(part.strip());
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below, like a number that is too small
    }
    throw refusal(key, whole, allowed);
  }

  private static IllegalArgumentException refusal(String key, String value, String allowed) {
    return new IllegalArgumentException(
        "hccl." + key + " must be " + allowed + ", but is \"" + value + "\"");
  }
}
