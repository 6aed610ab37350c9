package comm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.cli.Command.Done;
import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Running programs, real ranks on a real backend included. */
@Timeout(120)
class RunCommandTest {

  private static final String PROGRAMS = "comm.cli.TestRanks$";

  @ParameterizedTest
  @ValueSource(strings = {"all-reduce", "AllReduce", "ring", "pi", "mpi_halo"})
  void runs_examples_by_name(String name) throws Exception {
    Done done = Command.run("run", "-n", "3", name);

    assertEquals(0, done.code(), done.err());
    assertTrue(done.out().contains("] OK: "), done.out());
    assertEquals("", done.err());
  }

  @Test
  void puts_the_rank_in_front_of_every_line_and_leaves_the_programs_arguments_alone()
      throws Exception {
    Done done = Command.run("run", "-n", "2", PROGRAMS + "Echo", "-n", "7", "--help", "@x");

    assertEquals(0, done.code(), done.err());
    List<String> lines = done.out().lines().sorted().toList();
    assertEquals(
        List.of("[0] arguments [-n, 7, --help, @x]", "[1] arguments [-n, 7, --help, @x]"), lines);
  }

  @Test
  void says_which_examples_there_are_when_asked_for_another() throws Exception {
    Done done = Command.run("run", "-n", "2", "nosuch");

    assertEquals(2, done.code());
    assertTrue(
        done.err().startsWith("ranks: there is no example \"nosuch\"; there are: allreduce, "),
        done.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65", "-1", "abc", ""})
  void refuses_numbers_of_ranks_that_cannot_be(String count) throws Exception {
    Done done = Command.run("run", "-n", count, "pi");

    assertEquals(2, done.code());
    assertEquals(2, done.err().lines().count(), done.err());
    assertTrue(done.err().contains("ranks run: "), done.err());
  }

  @Test
  void counts_a_rank_that_leaves_without_closing_as_failed() throws Exception {
    Done done = Command.run("run", "-n", "3", PROGRAMS + "Forgets");

    assertEquals(70, done.code(), done.err());
    assertTrue(
        done.err().contains("[1] rank 1 of 3 left without closing its communicator"), done.err());
    assertTrue(
        done.err().contains("rank 1 of 3 failed first: ended with exit code 70"), done.err());
  }

  @Test
  void names_the_rank_that_threw_and_not_one_that_suffered_from_it() throws Exception {
    Done done = Command.run("run", "-n", "4", PROGRAMS + "Throws");

    assertEquals(1, done.code(), done.err());
    assertTrue(done.err().contains("rank 2 of 4 failed first: ended with exit code 1"), done.err());
    assertTrue(
        done.err().contains("  | Exception in thread \"main\" java.lang.IllegalStateException"),
        done.err());
  }

  @Test
  void names_the_rank_that_was_killed_and_its_signal() throws Exception {
    Done done = Command.run("run", "-n", "3", PROGRAMS + "Killed");

    assertEquals(137, done.code(), done.err());
    assertTrue(done.err().contains("rank 1 of 3 failed first: killed by SIGKILL"), done.err());
  }

  @Test
  void hands_the_timeout_to_the_ranks() throws Exception {
    Done done = Command.run("run", "-n", "2", "--timeout", "500ms", PROGRAMS + "Waits");

    assertEquals(1, done.code(), done.err());
    assertTrue(done.err().contains("CommTimeoutException"), done.err());
    assertTrue(done.err().contains("rank 1 of 2 failed first"), done.err());
  }

  @Test
  void ends_with_124_when_the_time_limit_expires() throws Exception {
    Done done = Command.run("run", "-n", "2", "--time-limit", "2s", PROGRAMS + "Waits");

    assertEquals(124, done.code(), done.err());
    assertTrue(done.err().contains("the job's time limit expired after"), done.err());
  }

  @Test
  void prints_the_result_as_json_and_the_ranks_lines_elsewhere() throws Exception {
    Done done = Command.run("run", "-n", "2", "--json", PROGRAMS + "Echo");

    assertEquals(0, done.code(), done.err());
    assertTrue(
        done.out().startsWith("{\"outcome\":\"SUCCEEDED\",\"exitCode\":0,\"firstFailed\":null,"),
        done.out());
    assertEquals(1, done.out().lines().count());
    assertTrue(done.err().contains("[0] arguments []"), done.err());
  }

  @Test
  void takes_the_ranks_with_it_when_it_is_interrupted() throws Exception {
    Process process =
        Command.start(Redirect.PIPE, Redirect.DISCARD, "run", "-n", "2", PROGRAMS + "Waits");
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    List<ProcessHandle> ranks = new ArrayList<>();
    while (ranks.size() < 2) {
      String line = reader.readLine();
      int pid = line.indexOf("pid ");
      ranks.add(ProcessHandle.of(Long.parseLong(line.substring(pid + 4))).orElseThrow());
    }

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start().waitFor();

    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the command doesn't end");
    assertEquals(130, process.exitValue());
    for (ProcessHandle rank : ranks) {
      assertFalse(rank.isAlive(), "rank " + rank + " is still there");
    }
  }

  @Test
  void doctor_lists_the_backends() throws Exception {
    Done done = Command.run("doctor");
    Done json = Command.run("doctor", "--json");

    assertTrue(done.out().contains("backend sim "), done.out());
    assertTrue(json.out().contains("\"backends\":[{\"name\":"), json.out());
  }
}
