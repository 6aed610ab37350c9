package comm.testkit.run;

import comm.testkit.BackendUnderTest;
import comm.testkit.RankOutcome;
import comm.worker.RankExit;
import comm.worker.RankJob;
import comm.worker.RankLauncher;
import comm.worker.RankProgram;
import comm.worker.RunningJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The test's side of one rank process. */
final class RankChild implements AutoCloseable {

  /** A rank may have closed its standard output, and then it can't mark the end. */
  private static final Duration OUTPUT = Duration.ofSeconds(5);

  private final int slot;
  private final RunningJob job;
  private final CompletableFuture<Line> line = new CompletableFuture<>();
  private final List<String> output = new ArrayList<>();

  private volatile boolean usable = true;
  private volatile @Nullable Task task;
  private volatile CompletableFuture<String> stacks = new CompletableFuture<>();

  /** The run that it is busy with. */
  private record Task(
      long run,
      Board board,
      CompletableFuture<RankOutcome> outcome,
      CompletableFuture<Void> outRead,
      CompletableFuture<Void> errRead) {

    Task(long run, Board board) {
      this(
          run,
          board,
          new CompletableFuture<>(),
          new CompletableFuture<>(),
          new CompletableFuture<>());
    }

    /** Completes the outcome when what the rank printed before has been read, or soon. */
    void end(RankOutcome ended) {
      CompletableFuture<Void> unused =
          CompletableFuture.allOf(outRead, errRead)
              .completeOnTimeout(null, OUTPUT.toSeconds(), TimeUnit.SECONDS)
              .thenRun(() -> outcome.complete(ended));
    }
  }

  RankChild(int slot, Path socket, BackendUnderTest backend) {
    this.slot = slot;
    Module module = RankOfTest.class.getModule();
    String program = RankOfTest.class.getName();
    RankJob spec =
        RankJob.of(
                1, RankProgram.parse(module.isNamed() ? module.getName() + "/" + program : program))
            .withArguments(List.of(socket.toString(), Integer.toString(slot)))
            .withJvmOptions(JvmOptions.forRanks(backend.jvmOptions()));
    for (var variable : backend.environment().entrySet()) {
      spec = spec.withEnvironment(variable.getKey(), variable.getValue());
    }
    try {
      job = RankLauncher.ofThisJvm().start(spec, (rank, isError, text) -> take(isError, text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread watch = new Thread(this::watch, "comm-test-watch-" + slot);
    watch.setDaemon(true);
    watch.start();
  }

  private void take(boolean isError, String text) {
    String line = EndOfOutput.before(text);
    if (EndOfOutput.isIn(text)) {
      Task busy = task;
      if (!line.isEmpty()) {
        keep(isError, line);
      }
      if (busy != null && EndOfOutput.run(text) == busy.run()) {
        (isError ? busy.errRead() : busy.outRead()).complete(null);
      }
    } else {
      keep(isError, line);
    }
  }

  private void keep(boolean isError, String line) {
    synchronized (this) {
      output.add(line);
    }
    RankOutput.pass(RankOutput.standard(isError), slot, line);
  }

  /** What it has printed since this was last asked. */
  synchronized List<String> output() {
    List<String> lines = List.copyOf(output);
    output.clear();
    return lines;
  }

  /** Waits for the process to end, and settles the run that it was busy with. */
  private void watch() {
    String how;
    List<String> lines = List.of();
    try {
      RankExit exit = job.await().ranks().get(0);
      how = exit.toString();
      lines = exit.lastLines().stream().filter(line -> !EndOfOutput.isIn(line)).toList();
    } catch (InterruptedException | CompletionException e) {
      how = "lost: " + e;
    }
    usable = false;
    line.completeExceptionally(new IOException("the process " + how));
    Task busy = task;
    if (busy != null) {
      busy.outcome().complete(new RankOutcome.Died(slot, how, lines, System.currentTimeMillis()));
    }
  }

  void lost(IOException e) {
    line.completeExceptionally(e);
  }

  boolean isUsable() {
    return usable;
  }

  void connected(Line connection) {
    line.complete(connection);
    Thread reader = new Thread(() -> listen(connection), "comm-test-rank-" + slot);
    reader.setDaemon(true);
    reader.start();
  }

  CompletableFuture<RankOutcome> run(Message.Run message, Board board) {
    Task next = new Task(message.run(), board);
    task = next;
    CompletableFuture<RankOutcome> outcome = next.outcome();
    CompletableFuture<Void> unused =
        line.thenAccept(
            connection -> {
              try {
                connection.send(message);
              } catch (IOException e) {
                // The process is ending; its end settles the run.
                usable = false;
              }
            });
    if (!usable) {
      outcome.complete(
          new RankOutcome.Died(
              slot, "ended before the run began", output(), System.currentTimeMillis()));
    }
    return outcome;
  }

  private void listen(Line connection) {
    try (connection) {
      while (true) {
        Message message = connection.receive();
        Task busy = task;
        if (message instanceof Message.Stacks dumped) {
          stacks.complete(dumped.text());
        } else if (message instanceof Message.Kill) {
          job.process(0).destroyForcibly();
        } else if (message instanceof Message.Freeze freeze) {
          new Frozen(job.pid(0)).during(freeze.nanos(), () -> answer(connection, freeze));
        } else if (busy != null) {
          serve(connection, busy, message);
        }
      }
    } catch (IOException e) {
      // The process has ended, which watch() reports, or is told to end by this.
      usable = false;
      job.process(0).destroyForcibly();
    }
  }

  private static void answer(Line connection, Message.Freeze freeze) {
    send(connection, new Message.Answer(freeze.question(), Optional.empty()));
  }

  private static void serve(Line connection, Task busy, Message message) {
    if (message instanceof Message.Ended ended && ended.run() == busy.run()) {
      busy.end(ended.outcome());
    } else if (message instanceof Message.Post post && post.run() == busy.run()) {
      busy.board().post(post.key(), post.value());
      send(connection, new Message.Answer(post.question(), Optional.empty()));
    } else if (message instanceof Message.Ask ask && ask.run() == busy.run()) {
      if (ask.waits()) {
        CompletableFuture<Void> unused =
            busy.board()
                .entry(ask.key())
                .thenAccept(
                    value ->
                        send(connection, new Message.Answer(ask.question(), Optional.of(value))));
      } else {
        send(connection, new Message.Answer(ask.question(), busy.board().peek(ask.key())));
      }
    }
  }

  private static void send(Line connection, Message message) {
    try {
      connection.send(message);
    } catch (IOException e) {
      System.getLogger(RankChild.class.getName())
          .log(System.Logger.Level.DEBUG, "the rank that asked is gone", e);
    }
  }

  String stacks(Duration patience) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    stacks = answer;
    try {
      line.get(patience.toMillis(), TimeUnit.MILLISECONDS).send(new Message.Dump());
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException | ExecutionException e) {
      return "no stacks: " + e.getMessage();
    } catch (TimeoutException e) {
      return "no stacks: the process gives no answer; it may be stopped";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "no stacks: interrupted";
    }
  }

  @Override
  public void close() {
    usable = false;
    job.close();
  }
}
