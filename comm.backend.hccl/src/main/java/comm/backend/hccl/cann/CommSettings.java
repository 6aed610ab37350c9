package comm.backend.hccl.cann;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a communicator differs from the defaults: {@code HcclCommConfig}.
 *
 * @param bufferSizeMb size of each of its two buffers in MB; else what HCCL_BUFFSIZE says
 * @param name its name; else HCCL makes one up
 */
public record CommSettings(OptionalInt bufferSizeMb, Optional<String> name) {

  /** Nothing set. */
  public static final CommSettings DEFAULTS =
      new CommSettings(OptionalInt.empty(), Optional.empty());

  /** Checks the ranges. */
  public CommSettings {
    requireNonNull(name, "name");
    if (bufferSizeMb.isPresent() && bufferSizeMb.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "bufferSizeMb must be positive, but is " + bufferSizeMb.getAsInt());
    }
    if (name.isPresent() && !fits(name.get())) {
      throw new IllegalArgumentException(
          "name must have 1 to "
              + (CannAbi.COMM_NAME_MAX_LENGTH - 1)
              + " bytes, none of them zero, but is "
              + name.get());
    }
  }

  private static boolean fits(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return bytes > 0 && bytes < CannAbi.COMM_NAME_MAX_LENGTH && name.indexOf('\0') < 0;
  }

  /** The structure, in its oldest form; what isn't set says so. */
  byte[] encode() {
    byte[] info = CannAbi.COMM_CONFIG_INFO.zeros();
    CannAbi.INFO_SIZE.putLong(info, CannAbi.COMM_CONFIG.size());
    CannAbi.INFO_MAGIC.putInt(info, CannAbi.HCCL_COMM_CONFIG_MAGIC_WORD);
    CannAbi.INFO_VERSION.putInt(info, CannAbi.COMM_CONFIG_VERSION);
    byte[] config = CannAbi.COMM_CONFIG.zeros();
    System.arraycopy(info, 0, config, CannAbi.CONFIG_INFO.offset(), info.length);
    CannAbi.CONFIG_BUFFER_SIZE.putInt(
        config, bufferSizeMb.orElse(CannAbi.HCCL_COMM_CONFIG_NOT_SET));
    CannAbi.CONFIG_DETERMINISTIC.putInt(config, CannAbi.HCCL_COMM_CONFIG_NOT_SET);
    CannAbi.CONFIG_COMM_NAME.putText(config, name.orElse(""));
    CannAbi.CONFIG_TRAFFIC_CLASS.putInt(config, CannAbi.HCCL_COMM_CONFIG_NOT_SET);
    CannAbi.CONFIG_SERVICE_LEVEL.putInt(config, CannAbi.HCCL_COMM_CONFIG_NOT_SET);
    return config;
  }

  /** The settings in a structure that {@link #encode} made. */
  static CommSettings decode(byte[] config) {
    int bufferSize = CannAbi.CONFIG_BUFFER_SIZE.getInt(config);
    String name = CannAbi.CONFIG_COMM_NAME.getText(config);
    return new CommSettings(
        bufferSize == CannAbi.HCCL_COMM_CONFIG_NOT_SET
            ? OptionalInt.empty()
            : OptionalInt.of(bufferSize),
        Optional.of(name).filter(text -> !text.isEmpty()));
  }
}
