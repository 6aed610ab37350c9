package comm.testkit.run;

import comm.api.spi.CommBackend;
import comm.testkit.RankBody;
import comm.testkit.RankOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Ranks as threads of this JVM. */
final class ThreadHost implements RankHost {

  private final CommBackend backend;
  private final Map<Integer, Thread> threads = new ConcurrentHashMap<>();
  private final Map<Integer, Printed> printed = new ConcurrentHashMap<>();
  private final Map<Integer, Throwable> thrown = new ConcurrentHashMap<>();

  ThreadHost(CommBackend backend) {
    this.backend = backend;
  }

  @Override
  public CompletableFuture<RankOutcome> start(
      long run, RankPlace place, RankBody body, Board board) {
    CompletableFuture<RankOutcome> outcome = new CompletableFuture<>();
    PlacedRank rank = new PlacedRank(place, backend, new Link(board));
    Printed output = Printed.of(place.rank());
    printed.put(place.rank(), output);
    thrown.remove(place.rank());
    Thread thread =
        new Thread(
            () -> {
              CurrentRank.isThisThread(rank);
              output.isThisThread();
              try {
                body.run(rank);
                outcome.complete(new RankOutcome.Passed(place.rank()));
              } catch (Throwable e) {
                thrown.put(place.rank(), e);
                outcome.complete(Board.outcome(place.rank(), e));
              }
            },
            "rank-" + place.rank());
    thread.setDaemon(true);
    threads.put(place.rank(), thread);
    thread.start();
    return outcome;
  }

  private record Link(Board board) implements RankLink {
    @Override
    public void post(String key, String value) {
      board.post(key, value);
    }

    @Override
    public String await(String key) {
      try {
        return board.entry(key).get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while awaiting \"" + key + "\"", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Optional<String> peek(String key) {
      return board.peek(key);
    }

    @Override
    public void die() {
      throw needsProcesses("killed");
    }

    @Override
    public void freeze(Duration time) {
      throw needsProcesses("stopped");
    }

    private static UnsupportedOperationException needsProcesses(String what) {
      return new UnsupportedOperationException(
          "a rank that is a thread can't be " + what + "; let ranks be processes");
    }
  }

  @Override
  public String stacks(int rank, Duration patience) {
    StringBuilder text = new StringBuilder();
    Thread thread = threads.get(rank);
    if (thread != null) {
      text.append('"').append(thread.getName()).append("\" ").append(thread.getState());
      for (StackTraceElement element : thread.getStackTrace()) {
        text.append("\n    at ").append(element);
      }
    }
    return text.toString();
  }

  @Override
  public void abandon(int rank) {
    Thread thread = threads.get(rank);
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public List<String> output(int rank) {
    Printed output = printed.remove(rank);
    return output == null ? List.of() : output.end();
  }

  @Override
  public Optional<Throwable> thrown(int rank) {
    return Optional.ofNullable(thrown.get(rank));
  }

  @Override
  public void close() {}
}
