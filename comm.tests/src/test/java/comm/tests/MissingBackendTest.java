package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.tests.ranks.OpenAlone;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs on paths that lack a backend, or have one too many: each in a JVM of its own. */
@Timeout(180)
class MissingBackendTest {

  private static final String SIM = "comm.backend.sim";
  private static final String HCCL = "comm.backend.hccl";
  private static final String PROGRAM = "comm.tests/" + OpenAlone.class.getName();

  /** It comes with the worker, which the program of these tests has on its path. */
  private static final String RUNTIME =
      "runtime (not usable: no host runtime is named; name the host runtime's library: setting"
          + " runtime.library, or environment variable COMM_HOST_RUNTIME)";

  private static final String OPENED = "BackendUnavailableException: open on rank 0 of 1 ";

  @TempDir private Path directory;

  private ChildJvm jvm() {
    return new ChildJvm(directory);
  }

  /** Runs the program; what it printed, last line apart. */
  private List<String> lines(ChildJvm jvm, String... backend)
      throws IOException, InterruptedException {
    return ChildJvm.output(jvm.runModule(PROGRAM, arguments(backend))).lines().toList();
  }

  private String[] arguments(String... backend) {
    return backend.length == 0 ? new String[] {rootInfo()} : new String[] {rootInfo(), backend[0]};
  }

  private String rootInfo() {
    return directory.resolve("rootinfo").toString();
  }

  /** What an error says of the kit's own backend, which is on the path of tests only. */
  private static final String TESTKIT =
      ", testkit (not usable: it only wraps another backend; it is for tests with faults)";

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1).replace(TESTKIT, "");
  }

  private static List<String> found(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("found "))
        .map(line -> line.substring("found ".length(), line.indexOf(" (")))
        // The kit's own, which wraps others, is on the path of tests only.
        .filter(name -> !name.equals("testkit"))
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void without_any_backend_a_program_starts_and_only_opening_fails_and_says_what_to_do()
      throws IOException, InterruptedException {
    List<String> lines = lines(jvm().without(SIM).without(HCCL));

    assertEquals("started", lines.get(0));
    assertEquals(List.of("runtime"), found(lines));
    assertEquals(
        OPENED
            + "(none) found no usable backend; on the path: "
            + RUNTIME
            + "; add one to the path"
            + " (CommConfig.withBackend, -Dcomm.backend or COMM_BACKEND)",
        last(lines));
  }

  @Test
  void without_any_backend_the_one_that_was_named_is_named_in_the_error()
      throws IOException, InterruptedException {
    assertEquals(
        OPENED
            + "(sim) found no backend \"sim\"; on the path: "
            + RUNTIME
            + "; add its module to the path, or name another one (CommConfig.withBackend, -Dcomm.backend or COMM_BACKEND)",
        last(lines(jvm().without(SIM).without(HCCL), "sim")));
  }

  @Test
  void hccl_alone_says_why_it_is_not_usable_whether_it_is_named_or_not()
      throws IOException, InterruptedException {
    String named = last(lines(jvm().without(SIM), "hccl"));
    String notNamed = last(lines(jvm().without(SIM)));

    assertTrue(named.startsWith(OPENED + "(hccl) can't use backend \"hccl\": "), named);
    assertTrue(notNamed.startsWith(OPENED + "(none) found no usable backend; "), notNamed);
    assertTrue(named.contains("; on the path: " + RUNTIME + "; "), named);
    assertTrue(notNamed.contains("on the path: hccl (not usable: "), notNamed);
    assertFalse((named + notNamed).contains("sim ("), named);
  }

  @Test
  void of_sim_and_hccl_the_usable_one_is_chosen_where_none_is_named()
      throws IOException, InterruptedException {
    List<String> lines = lines(jvm());

    assertEquals(List.of("hccl", "runtime", "sim"), found(lines));
    assertEquals("opened sim 42", last(lines));
  }

  @Test
  void hccl_is_never_replaced_by_sim() throws IOException, InterruptedException {
    String message = last(lines(jvm(), "hccl"));

    assertTrue(message.startsWith(OPENED + "(hccl) can't use backend \"hccl\": "), message);
    assertTrue(message.contains("sim (usable: "), message);
  }

  @Test
  void a_backend_named_by_the_system_property_is_never_replaced_either()
      throws IOException, InterruptedException {
    String message = last(lines(jvm().options("-Dcomm.backend=hccl")));

    assertTrue(message.startsWith(OPENED + "(hccl) can't use backend \"hccl\": "), message);
  }

  @Test
  void a_third_partys_backend_is_found_by_its_name() throws IOException, InterruptedException {
    ChildJvm jvm = jvm().with(Compiled.acme(directory));

    List<String> lines = lines(jvm, "acme");

    assertEquals(List.of("acme", "hccl", "runtime", "sim"), found(lines));
    assertEquals("opened acme 42", last(lines));
    assertEquals("opened sim 42", last(lines(jvm, "sim")));
  }

  @Test
  void of_two_usable_backends_one_must_be_named() throws IOException, InterruptedException {
    String message = last(lines(jvm().with(Compiled.acme(directory))));

    assertTrue(
        message.startsWith(OPENED + "(none) found more than one usable backend; on the path: "),
        message);
    assertTrue(message.contains("acme (usable: one rank, heap)"), message);
    assertTrue(message.contains("; name the one you want (CommConfig.withBackend, "), message);
  }

  @Test
  void a_provider_that_cannot_be_made_hides_neither_the_others_nor_its_own_reason()
      throws IOException, InterruptedException {
    ChildJvm jvm = jvm().with(Compiled.broken(directory)).with(Compiled.acme(directory));

    assertEquals("opened sim 42", last(lines(jvm, "sim")));
    assertEquals("opened acme 42", last(lines(jvm, "acme")));
    List<String> lines = lines(jvm, "broken");
    assertEquals(List.of("acme", "hccl", "runtime", "sim", "unknown"), found(lines));
    String message = last(lines);
    assertTrue(message.startsWith(OPENED + "(broken) found no backend \"broken\"; "), message);
    assertTrue(message.contains("broken.BrokenBackend"), message);
    assertTrue(message.contains("its driver is too old"), message);
  }

  @Test
  void a_provider_that_cannot_be_made_does_not_keep_the_only_usable_one_from_being_chosen()
      throws IOException, InterruptedException {
    assertEquals("opened sim 42", last(lines(jvm().with(Compiled.broken(directory)))));
  }

  @Test
  void on_the_class_path_the_same_backends_are_found() throws IOException, InterruptedException {
    List<String> lines =
        ChildJvm.output(jvm().runClass(OpenAlone.class.getName(), arguments())).lines().toList();

    assertEquals(List.of("hccl", "runtime", "sim"), found(lines));
    assertEquals("opened sim 42", last(lines));
  }

  @Test
  void on_the_class_path_without_backends_only_opening_fails()
      throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        jvm().without(SIM).without(HCCL).runClass(OpenAlone.class.getName(), arguments("sim"));

    List<String> lines = ChildJvm.output(ended).lines().toList();
    assertEquals("started", lines.get(0));
    assertTrue(last(lines).contains("; on the path: " + RUNTIME + "; "), last(lines));
  }

  @Test
  void on_the_class_path_without_jna_only_opening_fails_and_says_what_to_add()
      throws IOException, InterruptedException {
    ChildJvm.Ended ended =
        jvm().without("com.sun.jna").runClass(OpenAlone.class.getName(), arguments("sim"));

    List<String> lines = ChildJvm.output(ended).lines().toList();
    assertEquals("started", lines.get(0));
    assertTrue(
        last(lines)
            .startsWith(
                "NativeCallException: open on rank 0 of 1 (sim) failed: loading the C library"
                    + " through JNA: "),
        last(lines));
    assertTrue(last(lines).contains("put net.java.dev.jna:jna-jpms on the path"), last(lines));
  }

  @Test
  void on_the_module_path_without_jna_a_backend_keeps_the_jvm_from_starting_and_it_says_why()
      throws IOException, InterruptedException {
    ChildJvm.Ended ended = jvm().without("com.sun.jna").runModule(PROGRAM, arguments());

    assertEquals(1, ended.exitCode());
    assertTrue(
        (ended.out() + ended.err()).contains("Module com.sun.jna not found, required by comm."),
        ended::toString);
  }
}
