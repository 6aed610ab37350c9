package comm.tests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What no module may do. Each rule is also shown to catch somebody: real classes that may do what
 * others may not, or {@link Offences}.
 */
class ArchitectureTest {

  private static final ClassesOfModules ALL = new ClassesOfModules();
  private static final JavaClasses OFFENCES =
      new ClassFileImporter().importClasses(Offences.class, Offences.Api.class);

  /** Nothing else may print: a library that prints can't be used by a program that pipes. */
  private static final DescribedPredicate<JavaClass> MAY_PRINT =
      resideInAPackage("comm.cli..") // what the user of the command reads
          .or(resideInAPackage("comm.examples..")) // each prints what it proves
          .or(
              describe(
                  "who prints what chips print, unless the caller takes it",
                  type -> type.getName().equals("comm.worker.WorkerBuilder")))
          .or(
              describe(
                  "who passes on what the ranks of a test print",
                  type -> type.getName().equals("comm.testkit.run.RankOutput")))
          .or(
              describe(
                  "the rank's side of a launch, which has nobody to throw to",
                  type ->
                      Set.of(
                              "comm.worker.launch.RankMain",
                              "comm.worker.launch.LeavingCheck",
                              "comm.worker.launch.LauncherWatch")
                          .contains(type.getName())));

  /** The rule holds for some classes and catches others, which shows that it can fail. */
  private static void check(ArchRule rule, JavaClasses innocent, JavaClasses guilty) {
    rule.check(innocent);
    assertTrue(rule.evaluate(guilty).hasViolation(), () -> "catches nobody: " + rule);
  }

  @Test
  void the_classes_of_all_modules_on_the_path_are_looked_at() {
    for (String known :
        Set.of(
            "comm.api.Communicator",
            "comm.api.spi.CommBackend",
            "comm.backend.sim.SimBackend",
            "comm.backend.sim.posix.Descriptor",
            "comm.backend.sim.protocol.Barrier",
            "comm.backend.hccl.HcclBackend",
            "comm.worker.RankLauncher",
            "comm.worker.launch.RankMain",
            "comm.testkit.RankThreads",
            "comm.examples.AllReduce")) {
      assertTrue(ALL.everything().contain(known), known);
    }
  }

  @Test
  void the_api_depends_on_the_jdk_alone() {
    check(
        classes()
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage("comm.api..", "java..", "org.jspecify.annotations.."))
            .because("callers get the API without any library and without native code"),
        ALL.of("comm.api"),
        ALL.of("comm.backend.sim"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"comm.api", "comm.worker", "comm.testkit", "comm.cli", "comm.examples"})
  void no_module_but_a_backend_has_native_methods(String module) {
    check(
        methods()
            .should()
            .notHaveModifier(JavaModifier.NATIVE)
            .because("native code asks for JVM options that users of this module need not know"),
        ALL.of(module),
        ALL.of("comm.backend.sim"));
  }

  @Test
  void only_backends_use_jna() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("com.sun.jna.."))
            .because("a program without a native backend runs without native access"),
        ALL.without("comm.backend.sim", "comm.backend.hccl")
            .that(not(resideInAPackage("comm.worker.runtime"))),
        ALL.of("comm.backend.sim"));
  }

  @Test
  void nothing_uses_unsafe_memory_or_internals_of_the_jdk() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("sun..", "jdk.internal.."))
            .because("such code stops working with some later JDK, and can crash this one"),
        ALL.everything(),
        new ClassFileImporter().importClasses(ConcurrentHashMap.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"comm.backend.sim", "comm.backend.hccl"})
  void a_backend_is_named_by_nobody_else(String backend) {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage(backend + ".."))
            .because("backends are chosen at run time; any of them may be missing"),
        ALL.without(backend),
        ALL.of(backend));

    assertTrue(ALL.mentions(backend, backend));
    for (String module : ALL.names()) {
      assertTrue(
          module.equals(backend) || !ALL.mentions(module, backend),
          () -> "a class of " + module + " has the text " + backend);
    }
  }

  @Test
  void the_logger_is_the_systems() {
    check(
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.because(
            "System.Logger reaches whatever logging the application has"),
        ALL.everything(),
        ClassesOfModules.importedFrom(List.of(Project.location("com.sun.jna"))));
  }

  @Test
  void nobody_prints_who_is_not_allowed_to() {
    check(
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS,
        ALL.everything().that(not(MAY_PRINT)),
        ALL.everything().that(MAY_PRINT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "comm.examples.Ring",
        "comm.testkit.run.RankOutput",
        "comm.worker.launch.RankMain",
        "comm.worker.launch.LeavingCheck",
        "comm.worker.launch.LauncherWatch"
      })
  void whoever_may_print_does_so(String name) {
    JavaClasses type =
        ALL.everything().that(describe("is " + name, found -> found.getName().equals(name)));

    assertTrue(
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.evaluate(type).hasViolation(),
        () -> name + " needs its exemption no more");
  }

  @Test
  void nobody_sleeps_for_a_time() {
    check(
        noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(TimeUnit.class, "sleep", long.class)
            .because("waits are for a condition and end when it holds"),
        ALL.everything(),
        OFFENCES);
  }

  @Test
  void exported_methods_declare_no_generic_exceptions() {
    DescribedPredicate<JavaMethod> exported =
        describe(
            "are exported",
            method ->
                isExported(method.getOwner())
                    && !method.getModifiers().contains(JavaModifier.PRIVATE)
                    // whatever a kernel throws fails its task, and a test's body its test; what an
                    // orchestration throws has a name in its type
                    && !Set.of(
                            "comm.testkit.RankBody",
                            "comm.worker.kernel.Kernel",
                            "comm.worker.Orchestration",
                            "comm.worker.Worker")
                        .contains(method.getOwner().getName())
                    && !method.getOwner().getName().startsWith("comm.testkit.RankThreads$"));
    check(
        noMethods()
            .that(exported)
            .should()
            .declareThrowableOfType(Exception.class)
            .orShould()
            .declareThrowableOfType(Throwable.class)
            .because("a caller can only handle what has a name"),
        ALL.everything(),
        OFFENCES);
  }

  private static boolean isExported(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && Set.of(
                "comm.api",
                "comm.api.spi",
                "comm.worker",
                "comm.worker.chip",
                "comm.worker.kernel",
                "comm.testkit",
                "comm.testkit.conformance",
                "comm.testkit.fault",
                "comm.testkit.junit",
                "comm.testkit.program",
                "comm.testkit.run",
                "comm.tests")
            .contains(type.getPackageName());
  }

  @Test
  void what_backends_implement_knows_only_the_values_of_the_api() {
    DescribedPredicate<JavaClass> values =
        describe(
            "values of comm.api",
            type ->
                Set.of(
                        "comm.api.CommContext",
                        "comm.api.Comparison",
                        "comm.api.RankStatus",
                        "comm.api.RankStatus$State")
                    .contains(type.getName()));
    check(
        classes()
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage("comm.api.spi", "java..", "org.jspecify.annotations..")
                    .or(values))
            .because("a backend reports facts; the API makes calls, states and errors of them"),
        ALL.everything().that(resideInAPackage("comm.api.spi")),
        ALL.everything().that(resideInAPackage("comm.api")));
  }

  @Test
  void the_protocol_of_sim_is_free_of_the_system_it_runs_on() {
    check(
        classes()
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    "comm.backend.sim.protocol",
                    "comm.api..",
                    "java..",
                    "org.jspecify.annotations.."))
            .because("a model checker runs it in one thread, on memory of its own"),
        ALL.everything().that(resideInAPackage("comm.backend.sim.protocol")),
        ALL.everything().that(resideInAPackage("comm.backend.sim")));
  }

  @Test
  void the_posix_layer_of_sim_knows_nothing_of_ranks() {
    check(
        classes()
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    "comm.backend.sim.posix",
                    "com.sun.jna..",
                    "java..",
                    "org.jspecify.annotations.."))
            .because("it only says in Java what the system offers"),
        ALL.everything().that(resideInAPackage("comm.backend.sim.posix")),
        ALL.everything().that(resideInAPackage("comm.backend.sim")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "comm.backend.sim",
        "comm.backend.hccl",
        "comm.worker",
        "comm.testkit",
        "comm.cli",
        "comm.examples"
      })
  void the_packages_of_a_module_form_no_cycle(String module) {
    // comm.api and comm.api.spi know each other by design; another test says how far
    check(
        slices()
            .matching("(**)")
            .should()
            .beFreeOfCycles()
            .because("a package must be understood without those that use it"),
        ALL.of(module),
        ALL.of("comm.api"));
  }
}
