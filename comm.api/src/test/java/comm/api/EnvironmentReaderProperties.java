package comm.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class EnvironmentReaderProperties {

  private static CommConfig read(Map<String, String> environment, Map<String, String> properties) {
    return new EnvironmentReader(environment, properties, warning -> {}).read();
  }

  @Property
  void what_was_written_is_read(
      @ForAll("configs") CommConfig written, @ForAll boolean asProperties) {
    Map<Setting, String> values = new TreeMap<>();
    values.put(Setting.RANK, String.valueOf(written.rank()));
    values.put(Setting.SIZE, String.valueOf(written.size()));
    values.put(Setting.ROOT_INFO, written.rootInfo().toString());
    written.backend().ifPresent(name -> values.put(Setting.BACKEND, name));
    written.stream()
        .ifPresent(handle -> values.put(Setting.STREAM, "0x" + Long.toHexString(handle)));
    values.put(Setting.TIMEOUT, written.timeout().toString());
    Map<String, String> properties = new TreeMap<>();
    Map<String, String> environment = new TreeMap<>();
    values.forEach(
        (setting, value) -> {
          if (asProperties) {
            properties.put(setting.property(), value);
          } else {
            environment.put(setting.variable(), value);
          }
        });
    written.properties().forEach((key, value) -> properties.put("comm." + key, value));

    CommConfig read = read(environment, properties);

    assertEquals(written.rank(), read.rank());
    assertEquals(written.size(), read.size());
    assertEquals(written.rootInfo(), read.rootInfo());
    assertEquals(written.backend(), read.backend());
    assertEquals(written.stream(), read.stream());
    assertEquals(written.timeout(), read.timeout());
    assertEquals(written.properties(), read.properties());
  }

  @Provide
  Arbitrary<CommConfig> configs() {
    Arbitrary<String> word = Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1);
    Arbitrary<int[]> places =
        Arbitraries.integers()
            .between(1, 64)
            .flatMap(
                size ->
                    Arbitraries.integers()
                        .between(0, size - 1)
                        .map(rank -> new int[] {rank, size}));
    return Combinators.combine(
            places,
            word.map(name -> Path.of("/tmp", name)),
            word.optional(),
            Arbitraries.longs().optional(),
            Arbitraries.longs().between(1, Duration.ofDays(365).toNanos()).map(Duration::ofNanos),
            Arbitraries.maps(Combinators.combine(word, word).as((a, b) -> a + "." + b), word)
                .ofMaxSize(4))
        .as(
            (place, path, backend, stream, timeout, properties) ->
                new CommConfig(
                    place[0],
                    place[1],
                    path,
                    backend,
                    stream.map(OptionalLong::of).orElse(OptionalLong.empty()),
                    timeout,
                    properties,
                    Map.of()));
  }

  @Property
  void garbage_gives_a_valid_config_or_an_illegal_argument(
      @ForAll("environments") Map<String, String> environment,
      @ForAll("properties") Map<String, String> properties) {
    try {
      CommConfig config = read(environment, properties);

      assertTrue(config.rank() >= 0 && config.rank() < config.size() && config.size() <= 64);
      assertTrue(config.timeout().compareTo(Duration.ZERO) > 0);
      assertTrue(config.origins().containsKey("rank") && config.origins().containsKey("timeout"));
    } catch (IllegalArgumentException e) {
      assertTrue(String.valueOf(e.getMessage()).length() > 20, e.toString());
    }
  }

  @Property
  void a_value_that_is_garbage_is_named_with_its_key(
      @ForAll("badKeys") String key, @ForAll @StringLength(min = 1, max = 8) String tail) {
    Map<String, String> environment =
        new TreeMap<>(Map.of("COMM_RANK", "0", "COMM_SIZE", "1", "COMM_ROOTINFO", "/r"));
    String bad = "?" + tail.strip();
    environment.put(key, bad);

    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> read(environment, Map.of()));

    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(key + " must be "), message);
    assertTrue(
        message.endsWith("but is \"" + bad + "\" (from environment variable " + key + ")"),
        message);
  }

  @Provide
  Arbitrary<String> badKeys() {
    return Arbitraries.of("COMM_RANK", "COMM_SIZE", "COMM_TIMEOUT", "COMM_STREAM");
  }

  @Provide
  Arbitrary<Map<String, String>> environments() {
    List<String> names = new ArrayList<>(List.of("COMM_", "COMM_X", "COMM_TIMOUT"));
    for (Setting setting : Setting.values()) {
      names.add(setting.variable());
    }
    for (Launcher launcher : Launcher.ALL) {
      names.add(launcher.rank());
      names.addAll(launcher.sizes());
      launcher.identities().forEach(names::addAll);
    }
    return Arbitraries.maps(Arbitraries.of(names), values()).ofMaxSize(names.size());
  }

  @Provide
  Arbitrary<Map<String, String>> properties() {
    List<String> names =
        new ArrayList<>(
            List.of("comm.", "comm..", "comm.x", "comm.sim.x", "user.name", "java.io.tmpdir"));
    for (Setting setting : Setting.values()) {
      names.add(setting.property());
    }
    return Arbitraries.maps(Arbitraries.of(names), values()).ofMaxSize(3);
  }

  private static Arbitrary<String> values() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(10),
        Arbitraries.integers().between(-2, 66).map(String::valueOf),
        Arbitraries.of(
            "", " ", "30s", "PT1S", "0x1f", "none", "9223372036854775808", "\0", "../.."));
  }

  @Property
  void the_strongest_source_wins(
      @ForAll boolean property,
      @ForAll boolean variable,
      @ForAll @IntRange(min = 1, max = 1000) int first,
      @ForAll @IntRange(min = 1001, max = 2000) int second) {
    Map<String, String> environment =
        new TreeMap<>(Map.of("COMM_RANK", "0", "COMM_SIZE", "1", "COMM_ROOTINFO", "/r"));
    Map<String, String> properties = new TreeMap<>();
    if (property) {
      properties.put("comm.timeout", first + "ms");
    }
    if (variable) {
      environment.put("COMM_TIMEOUT", second + "ms");
    }

    CommConfig config = read(environment, properties);

    Duration expected =
        property
            ? Duration.ofMillis(first)
            : variable ? Duration.ofMillis(second) : CommConfig.DEFAULT_TIMEOUT;
    assertEquals(expected, config.timeout());
    assertEquals(
        property
            ? "system property comm.timeout"
            : variable ? "environment variable COMM_TIMEOUT" : "the default",
        config.origins().get("timeout"));
  }

  @Property
  void rank_and_size_never_come_from_two_sources(
      @ForAll @IntRange(min = 0, max = 3) int sources, @ForAll @IntRange(min = 0, max = 4) int l) {
    // Each source has a size of its own, so that a mixture would show.
    Map<String, String> environment = new TreeMap<>(Map.of("COMM_ROOTINFO", "/r"));
    Map<String, String> properties = new TreeMap<>();
    for (int i = l; i < Launcher.ALL.size(); i++) {
      environment.put(Launcher.ALL.get(i).rank(), String.valueOf(i));
      environment.put(Launcher.ALL.get(i).sizes().get(0), String.valueOf(10 + i));
    }
    if ((sources & 1) != 0) {
      environment.put("COMM_RANK", "8");
      environment.put("COMM_SIZE", "18");
    }
    if ((sources & 2) != 0) {
      properties.put("comm.rank", "9");
      properties.put("comm.size", "19");
    }

    try {
      CommConfig config = read(environment, properties);
      assertEquals(config.rank() + 10, config.size());
      assertEquals((sources & 2) != 0 ? 9 : (sources & 1) != 0 ? 8 : l, config.rank());
    } catch (IllegalArgumentException e) {
      assertTrue(sources == 0 && l == Launcher.ALL.size(), e.getMessage());
    }
  }

  @Property
  void every_number_with_a_unit_is_that_long(
      @ForAll @LongRange(min = 0, max = Integer.MAX_VALUE) long number) {
    assertEquals(Optional.of(Duration.ofMillis(number)), DurationText.parse(number + "ms"));
    assertEquals(Optional.of(Duration.ofSeconds(number)), DurationText.parse(number + "s"));
    assertEquals(Optional.of(Duration.ofSeconds(number)), DurationText.parse(number + ""));
    assertEquals(Optional.of(Duration.ofMinutes(number)), DurationText.parse(number + "m"));
    assertEquals(Optional.of(Duration.ofHours(number)), DurationText.parse(number + "h"));
    Duration iso = Duration.ofNanos(number);
    assertEquals(Optional.of(iso), DurationText.parse(iso.toString()));
  }

  @Property
  void the_distance_is_one_for_one_slip(
      @ForAll("words") String word, @ForAll @IntRange(min = 0, max = 5) int at) {
    String without = word.substring(0, at) + word.substring(at + 1);

    assertEquals(0, UnknownKeys.distance(word, word));
    assertEquals(1, UnknownKeys.distance(word, without));
    assertEquals(1, UnknownKeys.distance(without, word));
    assertEquals(
        1, UnknownKeys.distance(word, word.substring(0, at) + '_' + word.substring(at + 1)));
    assertEquals(word.length(), UnknownKeys.distance(word, ""));
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withCharRange('a', 'z').ofLength(6);
  }
}
