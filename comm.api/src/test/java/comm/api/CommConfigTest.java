package comm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommConfigTest {

  private static final Path PATH = Path.of("job.rootinfo");
  private static final int[] BOUNDS = {
    Integer.MIN_VALUE, -1, 0, 1, 2, 62, 63, 64, 65, Integer.MAX_VALUE
  };

  @Test
  void accepts_exactly_sizes_1_to_64_and_ranks_below_the_size() {
    for (int size : BOUNDS) {
      for (int rank : BOUNDS) {
        boolean valid = size >= 1 && size <= 64 && rank >= 0 && rank < size;
        if (valid) {
          CommConfig config = CommConfig.of(rank, size, PATH);
          assertEquals(rank, config.rank());
          assertEquals(size, config.size());
        } else {
          assertThrows(
              IllegalArgumentException.class,
              () -> CommConfig.of(rank, size, PATH),
              "rank " + rank + " of " + size);
        }
      }
    }
  }

  @Test
  void says_what_is_wrong_with_a_size() {
    assertMessage("size must be 1 to 64 ranks, but is 65", () -> CommConfig.of(0, 65, PATH));
    assertMessage("size must be 1 to 64 ranks, but is 0", () -> CommConfig.of(0, 0, PATH));
  }

  @Test
  void says_what_is_wrong_with_a_rank() {
    assertMessage("rank must be 0 to 3 for 4 ranks, but is 4", () -> CommConfig.of(4, 4, PATH));
    assertMessage("rank must be 0 to 0 for 1 ranks, but is -1", () -> CommConfig.of(-1, 1, PATH));
  }

  @Test
  void names_the_origin_of_a_wrong_value() {
    assertMessage(
        "size must be 1 to 64 ranks, but is 99 (from PMI_SIZE (PMI))",
        () ->
            new CommConfig(
                0,
                99,
                PATH,
                Optional.empty(),
                OptionalLong.empty(),
                CommConfig.DEFAULT_TIMEOUT,
                Map.of(),
                Map.of("size", "PMI_SIZE (PMI)")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT-0.000000001S", "PT8760H0.000000001S", "P9999999D"})
  void refuses_a_timeout_that_is_not_positive_or_longer_than_a_year(String text) {
    CommConfig config = CommConfig.of(0, 1, PATH);
    Duration timeout = Duration.parse(text);

    assertMessage(
        "timeout must be positive and at most 365 days, but is " + timeout + " (CommConfig)",
        () -> config.withTimeout(timeout));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.000000001S", "PT30S", "PT8760H"})
  void accepts_a_timeout_up_to_a_year(String text) {
    CommConfig config = CommConfig.of(0, 1, PATH).withTimeout(Duration.parse(text));

    assertEquals(Duration.parse(text), config.timeout());
    assertEquals("CommConfig", config.waitLimit().source());
  }

  @Test
  void waits_two_minutes_by_default_and_says_so() {
    CommConfig config = CommConfig.of(0, 1, PATH);

    assertEquals(Duration.ofMinutes(2), config.timeout());
    assertEquals("the default", config.waitLimit().source());
  }

  @Test
  void refuses_an_empty_path_and_a_blank_backend() {
    assertMessage("rootInfo must not be empty", () -> CommConfig.of(0, 1, Path.of("")));
    CommConfig config = CommConfig.of(0, 1, PATH);
    assertMessage("backend must not be blank", () -> config.withBackend(" "));
  }

  @Test
  void changes_one_component_and_its_origin() {
    CommConfig read =
        CommConfig.from(
            Map.of(
                "COMM_RANK", "1",
                "COMM_SIZE", "2",
                "COMM_ROOTINFO", "/tmp/x",
                "COMM_BACKEND", "sim",
                "COMM_STREAM", "7",
                "COMM_TIMEOUT", "9"),
            Map.of());

    CommConfig changed = read.withBackend("hccl").withStream(8).withTimeout(Duration.ofSeconds(1));

    assertEquals(Optional.of("hccl"), changed.backend());
    assertEquals(OptionalLong.of(8), changed.stream());
    assertEquals(Duration.ofSeconds(1), changed.timeout());
    assertEquals(read.rank(), changed.rank());
    assertEquals(read.size(), changed.size());
    assertEquals(read.rootInfo(), changed.rootInfo());
    assertEquals(
        Map.of(
            "rank", "environment variable COMM_RANK",
            "size", "environment variable COMM_SIZE",
            "rootInfo", "environment variable COMM_ROOTINFO"),
        changed.origins());
  }

  @Test
  void keeps_its_maps_to_itself() {
    Map<String, String> properties = new HashMap<>(Map.of("sim.a", "1"));
    CommConfig config =
        new CommConfig(
            0,
            1,
            PATH,
            Optional.empty(),
            OptionalLong.empty(),
            CommConfig.DEFAULT_TIMEOUT,
            properties,
            Map.of());

    properties.put("sim.a", "2");

    assertEquals(Map.of("sim.a", "1"), config.properties());
    assertThrows(UnsupportedOperationException.class, () -> config.properties().put("b", "c"));
    assertEquals(
        Map.of("sim.a", "1", "sim.b", "3"), config.withProperty("sim.b", "3").properties());
  }

  @Test
  void reads_the_environment_of_this_process() {
    // Nothing of a launcher is set where tests run; that is an answer too, and it names the way on.
    try {
      CommConfig config = CommConfig.fromEnvironment();
      assertTrue(config.size() >= 1);
    } catch (IllegalArgumentException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("COMM_ROOTINFO"), e.getMessage());
    }
  }

  private static void assertMessage(String expected, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(expected, e.getMessage());
  }
}
