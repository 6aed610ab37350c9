package comm.cli.bench;

import comm.worker.ChipContext;
import comm.worker.Orchestrator;
import comm.worker.TaskHandle;
import comm.worker.Worker;
import comm.worker.WorkerBuilder;
import comm.worker.chip.ChipBootstrapConfig;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.TaskArgs;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Measures the way of a task from the driver to all chips and back, one run each, against a byte
 * that goes the same way over loopback TCP; and what that leaves behind. Its arguments are the
 * number of chips and how many runs, 0 for the default.
 */
final class TaskBench {

  private static final int WARM_UP = 20_000;
  private static final int DEFAULT = 10_000;

  private TaskBench() {}

  /** Runs the driver. */
  public static void main(String[] args) throws IOException {
    int chips = Integer.parseInt(args[0]);
    int iterations = Integer.parseInt(args[1]);
    int count = iterations > 0 ? iterations : DEFAULT;
    WorkerBuilder builder = Worker.builder();
    for (int chip = 0; chip < chips; chip++) {
      builder.chip(chip, ChipBootstrapConfig.ALONE);
    }
    try (Worker worker = builder.open()) {
      tasks(worker, WARM_UP);
      Footprint before = Footprint.of(worker);
      Histogram ours = tasks(worker, count);
      Footprint after = Footprint.of(worker);
      echo(worker, chips, WARM_UP);
      Histogram rival = echo(worker, chips, count);
      row(chips, "task", ours, 1)
          .with("descriptors", signed(after.descriptors() - before.descriptors()))
          .with("heap KiB", signed(after.kibibytes() - before.kibibytes()))
          .print();
      row(
              chips,
              "TCP echo",
              rival,
              rival.getValueAtPercentile(50) * 1.0 / ours.getValueAtPercentile(50))
          .with("descriptors", "-")
          .with("heap KiB", "-")
          .print();
    }
  }

  private static String signed(long number) {
    return number > 0 ? "+" + number : Long.toString(number);
  }

  private static BenchRow row(int chips, String what, Histogram histogram, double ratio) {
    return new BenchRow()
        .with("chips", chips)
        .with("what", what)
        .with("runs", histogram.getTotalCount())
        .withNumber("min us", histogram.getMinValue() / 1e3)
        .withNumber("p50 us", histogram.getValueAtPercentile(50) / 1e3)
        .withNumber("p90 us", histogram.getValueAtPercentile(90) / 1e3)
        .withNumber("p99 us", histogram.getValueAtPercentile(99) / 1e3)
        .withNumber("max us", histogram.getMaxValue() / 1e3)
        .withNumber("ratio", ratio);
  }

  private static Histogram tasks(Worker worker, int count) {
    Histogram histogram = new Histogram(3);
    ChipCallable nothing = ChipCallable.named(NothingKernel.NAME);
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      boolean unused = worker.run(orchestrator -> submit(orchestrator, nothing));
      histogram.recordValue(System.nanoTime() - start);
    }
    return histogram;
  }

  private static boolean submit(Orchestrator orchestrator, ChipCallable callable) {
    for (int chip = 0; chip < orchestrator.chips().size(); chip++) {
      TaskHandle unused = orchestrator.submit(chip, callable, TaskArgs.none());
    }
    return true;
  }

  private static Histogram echo(Worker worker, int chips, int count) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), chips);
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      return worker.run(
          orchestrator -> {
            for (int chip = 0; chip < chips; chip++) {
              TaskHandle unused =
                  orchestrator.submit(
                      chip, ChipCallable.named(EchoKernel.NAME), TaskArgs.of(port, count));
            }
            return echo(server, chips, count);
          });
    }
  }

  private static Histogram echo(ServerSocketChannel server, int chips, int count)
      throws IOException {
    Histogram histogram = new Histogram(3);
    List<SocketChannel> channels = new ArrayList<>();
    try {
      for (int chip = 0; chip < chips; chip++) {
        SocketChannel channel = server.accept();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channels.add(channel);
      }
      ByteBuffer token = ByteBuffer.allocateDirect(1);
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        for (SocketChannel channel : channels) {
          token.clear();
          channel.write(token);
        }
        for (SocketChannel channel : channels) {
          token.clear();
          if (channel.read(token) < 0) {
            throw new EOFException("a chip has closed its socket");
          }
        }
        histogram.recordValue(System.nanoTime() - start);
      }
    } finally {
      for (SocketChannel channel : channels) {
        channel.close();
      }
    }
    return histogram;
  }

  /**
   * What the driver and the chips hold.
   *
   * @param descriptors open files of all of them
   * @param kibibytes of all their heaps in use after a collection
   */
  private record Footprint(long descriptors, long kibibytes) {

    static Footprint of(Worker worker) throws IOException {
      long descriptors = descriptors("self");
      long bytes = HeapKernel.used();
      for (ChipContext chip : worker.chips()) {
        descriptors += descriptors(Long.toString(chip.pid()));
        bytes += heap(worker, chip.index());
      }
      return new Footprint(descriptors, bytes / 1024);
    }

    private static long heap(Worker worker, int chip) {
      return worker.run(
          orchestrator -> {
            long address = orchestrator.malloc(chip, Long.BYTES);
            TaskHandle unused =
                orchestrator.submit(
                    chip, ChipCallable.named(HeapKernel.NAME), TaskArgs.of(address));
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            orchestrator.copyFrom(chip, bytes, address);
            orchestrator.free(chip, address);
            return bytes.getLong(0);
          });
    }

    private static long descriptors(String process) throws IOException {
      try (Stream<Path> open = Files.list(Path.of("/proc", process, "fd"))) {
        return open.count();
      }
    }
  }
}
