package comm.testkit.run;

import comm.testkit.RankOutcome;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** The main class of a rank process: runs bodies, one after another, until the test hangs up. */
public final class RankOfTest {

  private final Line line;
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "comm-test-sender");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicLong questions = new AtomicLong();
  private final Map<Long, CompletableFuture<Optional<String>>> open = new ConcurrentHashMap<>();

  private RankOfTest(Line line) {
    this.line = line;
  }

  /**
   * Runs until the test hangs up.
   *
   * @param args path of the test's socket, and which process this is
   * @throws IOException if the test can't be reached
   */
  public static void main(String[] args) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(Path.of(args[0])));
      Line line = new Line(channel);
      line.send(new Message.Hello(Integer.parseInt(args[1])));
      new RankOfTest(line).listen();
    }
    // A body that hangs must not keep the process.
    Runtime.getRuntime().halt(0);
  }

  private void listen() throws IOException {
    try {
      while (true) {
        Message message = line.receive();
        if (message instanceof Message.Run run) {
          start(run);
        } else if (message instanceof Message.Answer answer) {
          CompletableFuture<Optional<String>> question = open.remove(answer.question());
          if (question != null) {
            question.complete(answer.value());
          }
        } else if (message instanceof Message.Dump) {
          line.send(new Message.Stacks(stacks()));
        }
      }
    } catch (EOFException e) {
      // The test is done.
    }
  }

  private void start(Message.Run run) {
    int rank = run.place().rank();
    Thread thread =
        new Thread(
            () -> {
              RankOutcome outcome;
              try {
                PlacedRank placed =
                    new PlacedRank(
                        run.place(), Backends.named(run.place().backend()), new Link(run.run()));
                CurrentRank.isThisProcess(placed);
                Bodies.unpack(run.body()).run(placed);
                outcome = new RankOutcome.Passed(rank);
              } catch (Throwable e) {
                outcome = Board.outcome(rank, e);
              }
              EndOfOutput.mark(run.run());
              send(new Message.Ended(run.run(), outcome));
            },
            "rank-" + rank);
    thread.setDaemon(true);
    thread.start();
  }

  /** From a thread that nobody interrupts: a channel closes when an interrupted thread uses it. */
  private void send(Message message) {
    sender.execute(
        () -> {
          try {
            line.send(message);
          } catch (IOException e) {
            // The test is gone, and with it whoever could be told.
            Runtime.getRuntime().halt(1);
          }
        });
  }

  /** The stacks of all threads but the one that answers the test. */
  private static String stacks() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              if (thread != Thread.currentThread()
                  && ((stack.length > 0 && !thread.isDaemon())
                      || thread.getName().startsWith("rank-"))) {
                text.append('"').append(thread.getName()).append("\" ").append(thread.getState());
                for (StackTraceElement element : stack) {
                  text.append("\n    at ").append(element);
                }
                text.append('\n');
              }
            });
    return text.toString().stripTrailing();
  }

  private final class Link implements RankLink {

    private final long run;

    Link(long run) {
      this.run = run;
    }

    private Optional<String> ask(String key, boolean waits) {
      return get(question -> new Message.Ask(run, question, key, waits));
    }

    private Optional<String> get(LongFunction<Message> message) {
      long question = questions.incrementAndGet();
      CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
      open.put(question, answer);
      send(message.apply(question));
      // Through interrupts, which are for the body's own waits.
      return answer.join();
    }

    @Override
    public void post(String key, String value) {
      // Only when it stands there has this rank posted it; others may look at once.
      Optional<String> unused = get(question -> new Message.Post(run, question, key, value));
    }

    @Override
    public String await(String key) {
      return ask(key, true).orElseThrow();
    }

    @Override
    public Optional<String> peek(String key) {
      return ask(key, false);
    }

    @Override
    public void die() {
      get(question -> new Message.Kill());
    }

    @Override
    public void freeze(Duration time) {
      get(question -> new Message.Freeze(question, time.toNanos()));
    }
  }
}
