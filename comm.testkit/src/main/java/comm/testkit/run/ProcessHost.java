package comm.testkit.run;

import comm.testkit.BackendUnderTest;
import comm.testkit.RankBody;
import comm.testkit.RankOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ranks as processes. They are started when they are first needed and serve one run after another;
 * one that died or hung is replaced.
 */
final class ProcessHost implements RankHost {

  private final BackendUnderTest backend;
  private final Path directory;
  private final ServerSocketChannel server;
  private final Map<Integer, RankChild> children = new ConcurrentHashMap<>();

  ProcessHost(BackendUnderTest backend) {
    this.backend = backend;
    try {
      this.directory = Files.createTempDirectory("comm-test");
      this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread door = new Thread(this::admit, "comm-test-door");
    door.setDaemon(true);
    door.start();
  }

  private Path socket() {
    return directory.resolve("s");
  }

  private void admit() {
    try {
      while (true) {
        Line line = new Line(server.accept());
        if (line.receive() instanceof Message.Hello hello) {
          RankChild child = children.get(hello.slot());
          if (child != null) {
            child.connected(line);
          }
        }
      }
    } catch (IOException e) {
      if (server.isOpen()) {
        children.values().forEach(child -> child.lost(e));
      }
    }
  }

  @Override
  public CompletableFuture<RankOutcome> start(
      long run, RankPlace place, RankBody body, Board board) {
    String packed = Bodies.pack(body);
    RankChild child =
        children.compute(
            place.rank(),
            (slot, old) ->
                old != null && old.isUsable() ? old : new RankChild(slot, socket(), backend));
    return child.run(new Message.Run(run, place, packed), board);
  }

  @Override
  public String stacks(int rank, Duration patience) {
    RankChild child = children.get(rank);
    return child == null ? "" : child.stacks(patience);
  }

  @Override
  public void abandon(int rank) {
    RankChild child = children.remove(rank);
    if (child != null) {
      child.close();
    }
  }

  @Override
  public List<String> output(int rank) {
    RankChild child = children.get(rank);
    return child == null ? List.of() : child.output();
  }

  @Override
  public Optional<Throwable> thrown(int rank) {
    return Optional.empty();
  }

  @Override
  public void close() {
    try {
      children.values().parallelStream().forEach(RankChild::close);
      server.close();
      Files.deleteIfExists(socket());
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
