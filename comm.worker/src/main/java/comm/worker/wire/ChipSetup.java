package comm.worker.wire;

import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.chip.ChipBufferSpec;
import comm.worker.chip.ChipCommBootstrapConfig;
import comm.worker.chip.DataType;
import comm.worker.chip.HostBufferStaging;
import comm.worker.kernel.HostRuntime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the process of a chip is told at its start.
 *
 * @param deviceId its device
 * @param runtime its host runtime; if empty, the chip is in its JVM
 * @param backend the backend of its communicator, if one was chosen
 * @param waitTimeout how long it may wait for other ranks
 * @param spins whether it may keep a processor busy while it waits for work
 * @param bootstrap how it is brought up
 */
public record ChipSetup(
    int deviceId,
    Optional<HostRuntime> runtime,
    Optional<String> backend,
    Duration waitTimeout,
    boolean spins,
    ChipBootstrapConfig bootstrap) {

  /** The encoded form. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(deviceId);
      out.writeBoolean(runtime.isPresent());
      if (runtime.isPresent()) {
        out.writeUTF(runtime.get().library().toString());
        writeOptional(out, runtime.get().simContext());
        writeOptional(out, runtime.get().aicpu());
        writeOptional(out, runtime.get().aicore());
      }
      out.writeUTF(backend.orElse(""));
      out.writeLong(waitTimeout.toNanos());
      out.writeBoolean(spins);
      write(out, bootstrap);
    } catch (IOException e) {
      throw new IllegalStateException("memory can't be written to", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads an encoded form.
   *
   * @throws IOException if it is none
   */
  public static ChipSetup decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int deviceId = in.readInt();
      Optional<HostRuntime> runtime = Optional.empty();
      if (in.readBoolean()) {
        runtime =
            Optional.of(
                new HostRuntime(
                    Path.of(in.readUTF()), readOptional(in), readOptional(in), readOptional(in)));
      }
      String backend = in.readUTF();
      return new ChipSetup(
          deviceId,
          runtime,
          backend.isEmpty() ? Optional.empty() : Optional.of(backend),
          Duration.ofNanos(in.readLong()),
          in.readBoolean(),
          readBootstrap(in));
    }
  }

  private static void writeOptional(DataOutputStream out, Optional<Path> path) throws IOException {
    out.writeUTF(path.map(Path::toString).orElse(""));
  }

  private static Optional<Path> readOptional(DataInputStream in) throws IOException {
    String text = in.readUTF();
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }

  private static void write(DataOutputStream out, ChipBootstrapConfig config) throws IOException {
    out.writeBoolean(config.comm().isPresent());
    if (config.comm().isPresent()) {
      ChipCommBootstrapConfig comm = config.comm().get();
      out.writeInt(comm.rank());
      out.writeInt(comm.nranks());
      writeOptional(out, comm.rootInfo());
      out.writeLong(comm.windowSize());
    }
    out.writeInt(config.buffers().size());
    for (ChipBufferSpec buffer : config.buffers()) {
      out.writeUTF(buffer.name());
      out.writeUTF(buffer.type().name());
      out.writeLong(buffer.count());
      out.writeInt(buffer.alignment());
      out.writeUTF(buffer.placement());
      out.writeBoolean(buffer.loadFromHost());
      out.writeBoolean(buffer.storeToHost());
    }
    write(out, config.hostInputs());
    write(out, config.hostOutputs());
  }

  private static ChipBootstrapConfig readBootstrap(DataInputStream in) throws IOException {
    Optional<ChipCommBootstrapConfig> comm = Optional.empty();
    if (in.readBoolean()) {
      comm =
          Optional.of(
              new ChipCommBootstrapConfig(
                  in.readInt(), in.readInt(), readOptional(in), in.readLong()));
    }
    int count = in.readInt();
    List<ChipBufferSpec> buffers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      buffers.add(
          new ChipBufferSpec(
              in.readUTF(),
              DataType.valueOf(in.readUTF()),
              in.readLong(),
              in.readInt(),
              in.readUTF(),
              in.readBoolean(),
              in.readBoolean()));
    }
    return new ChipBootstrapConfig(comm, buffers, readStagings(in), readStagings(in));
  }

  private static void write(DataOutputStream out, List<HostBufferStaging> stagings)
      throws IOException {
    out.writeInt(stagings.size());
    for (HostBufferStaging staging : stagings) {
      out.writeUTF(staging.name());
      out.writeUTF(staging.file().toString());
      out.writeLong(staging.size());
    }
  }

  private static List<HostBufferStaging> readStagings(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<HostBufferStaging> stagings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      stagings.add(new HostBufferStaging(in.readUTF(), Path.of(in.readUTF()), in.readLong()));
    }
    return stagings;
  }
}
