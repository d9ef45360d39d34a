import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.extism.sdk.chicory.Manifest;
import org.extism.sdk.chicory.ManifestWasm;
import org.extism.sdk.chicory.Plugin;

/**
 * nodeploy in your own program: the plugin decides, this does what it asks for.
 *
 * <pre>java -XX:TieredStopAtLevel=1 -cp 'target/classes:target/dependency/*' Nodeploy nodeploy.wasm prod-aws '{"type": "assert"}' [nodeploy.yaml]</pre>
 *
 * Exit code 0: deploy; 1: do not; 2: could not tell, so do not.
 */
public final class Nodeploy {
    private static final int ROUNDS = 8;
    /** For a whole run: what is under way then is ended, and it is exit code 2. */
    private static final int LIMIT_SECONDS = 120;
    private static final int PAGES_AT_FIRST = 32;
    /** From a policy of so many bytes on (300 windows), compiling the plugin takes less time than it saves. */
    private static final int LARGE = 50_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NO_KOSLI =
            "there is no `kosli` on the PATH; install the kosli CLI, or add its folder to the PATH";
    /** None of the variables that could change what the CLI does. */
    private static final Set<String> KEPT =
            Set.of("PATH", "HOME", "HTTPS_PROXY", "NO_PROXY", "KOSLI_HOST", "KOSLI_ORG", "KOSLI_API_TOKEN");
    private static final CountDownLatch OVER = new CountDownLatch(1);

    private final Plugin plugin;
    private final long timeoutMillis;
    /** Done once Ctrl-C was pressed, which stops between two commands, and while it looks or waits. */
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final ExecutorService caller = Executors.newSingleThreadExecutor(Nodeploy::daemon);
    /** What waits for kosli. Not Java's common pool: who waits there with a limit is given what waits for as long as it takes. */
    private final ExecutorService waiters = Executors.newCachedThreadPool(Nodeploy::daemon);

    /**
     * Loads the plugin; pages are of 64 KB, both limits hold for one call. To compile it to bytecode takes two seconds and makes
     * each call ten times as quick.
     */
    public Nodeploy(Path module, boolean isCompiled, int memoryPages, long timeoutMillis) throws IOException {
        var wasm = ManifestWasm.fromBytes(Files.readAllBytes(module)).build();
        var options = new Manifest.Options().withMemoryLimits(PAGES_AT_FIRST, memoryPages);
        if (isCompiled) {
            options.withAoT();
        }
        this.plugin = Plugin.ofManifest(Manifest.ofWasms(wasm).withOptions(options).build()).build();
        this.timeoutMillis = timeoutMillis;
    }

    /** {@code observe}, {@code plan} or {@code version}. The SDK has no time limit, but heeds an interrupt. */
    public byte[] ask(String function, byte[] call) throws Exception {
        var answer = caller.submit(() -> plugin.call(function, call));
        try {
            return answer.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new TimeoutException("the plugin did not answer within " + timeoutMillis + " ms");
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause()); // also an Error, such as a stack overflow
        }
    }

    private JsonNode ask(String function, JsonNode call) throws Exception {
        return JSON.readTree(ask(function, JSON.writeValueAsBytes(call)));
    }

    /**
     * Looks, decides, writes and looks again, until nothing is left to do. Returns the decision. The action and the policy
     * go in as they were written: the core refuses a key given twice.
     */
    public String carryOut(String environment, String action, String policy) throws Exception {
        ObjectNode call = JSON.createObjectNode().put("environment", environment);
        call.putRawValue("action", new RawValue(action)).putRawValue("policy", new RawValue(policy));
        List<String> done = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        JsonNode first = null;
        for (int round = 1; round <= ROUNDS; round++) {
            if (round > 2) {
                rest(ThreadLocalRandom.current().nextInt(200, 600), end); // someone else may be at it too
            }
            call.put("now", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            ObjectNode observed = call.putObject("observed");
            for (JsonNode reads; !(reads = ask("observe", call)).isEmpty(); ) {
                List<CompletableFuture<ObjectNode>> results = new ArrayList<>();
                reads.forEach(read -> results.add(CompletableFuture.supplyAsync(() -> kosli(read, end), waiters)));
                for (int i = 0; i < results.size(); i++) {
                    observed.set(reads.get(i).get("as").asText(), results.get(i).get());
                }
            }
            JsonNode answer = ask("plan", call);
            if (over(end) != null) {
                return fail(over(end), done, call.get("action"));
            }
            first = first == null ? answer : first;
            int pause = answer.path("pause").asInt(0);
            if (answer.get("commands").isEmpty() && pause == 0) {
                // What was asked for is in the first answer; where one of them does not proceed, the last one is the news.
                say(proceeds(first) && proceeds(answer) ? first : answer);
                return answer.get("decision").asText();
            }
            call.set("action", answer.get("action")); // the same intent, now naming its freezes
            boolean isUnwritten = false;
            for (JsonNode command : answer.get("commands")) {
                if (over(end) != null) {
                    return fail(over(end), done, call.get("action"));
                }
                String type = command.get("type").asText();
                ObjectNode result = kosli(command, end);
                if (result.path("exit_code").asInt(-1) == 0) {
                    done.add(type);
                } else if (command.path("optional").asBoolean()) { // it only tells of the refusal, which stands
                    System.err.println("warning: " + type + " failed: " + result);
                    isUnwritten = true;
                } else {
                    return fail(type + " failed: " + result, done, call.get("action"));
                }
            }
            if (isUnwritten) {
                say(answer);
                return answer.get("decision").asText();
            }
            rest(TimeUnit.SECONDS.toMillis(pause), end); // Kosli may show a rival's claim late
            if (over(end) != null) {
                return fail(over(end), done, call.get("action"));
            }
        }
        return fail("not settled after " + ROUNDS + " rounds", done, call.get("action"));
    }

    /** Why nothing more is begun; null if it goes on. */
    private String over(long end) {
        if (stop.isDone()) {
            return "stopped";
        }
        return left(end) == 0 ? "gave up after " + LIMIT_SECONDS + " s" : null;
    }

    private void rest(long millis, long end) throws Exception {
        try {
            stop.get(Math.min(millis, left(end)), TimeUnit.MILLISECONDS);
        } catch (TimeoutException rested) {
            // nobody stopped it
        }
    }

    /** In milliseconds. */
    private static long left(long end) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
    }

    private static boolean proceeds(JsonNode answer) {
        return answer.get("decision").asText().equals("proceed");
    }

    private static String fail(String what, List<String> done, JsonNode action) {
        String list = done.isEmpty() ? "nothing" : String.join(", ", done);
        System.err.println("error: " + what + "\ndone: " + list + "\nto finish, run it with: " + action);
        return "error";
    }

    /** These texts are printable; those in `freezes` are as Kosli has them. */
    private static void say(JsonNode answer) throws IOException {
        System.out.println(answer.get("summary").asText());
        if (answer.get("advice").isTextual()) {
            System.out.println(answer.get("advice").asText());
        }
        answer.get("warnings").forEach(warning -> System.out.println(warning.get("text").asText()));
        if (System.out.checkError()) { // a full disk: what nobody has heard lets nothing through
            throw new IOException("what was decided could not be said");
        }
    }

    /** Runs a read or a command with the kosli CLI, until then; never a shell. Ctrl-C leaves a command to its end. */
    private ObjectNode kosli(JsonNode item, long end) {
        ObjectNode result = JSON.createObjectNode();
        try {
            List<String> argv = new ArrayList<>();
            item.get("argv").forEach(argument -> argv.add(argument.asText()));
            ProcessBuilder builder = new ProcessBuilder(argv);
            builder.environment().keySet().retainAll(KEPT);
            if (item.path("type").asText().equals("attest")) {
                builder.environment().put("KOSLI_MAX_API_RETRIES", "0"); // attestations add up
            }
            Process process = builder.start();
            process.getOutputStream().close();
            var stdout = CompletableFuture.supplyAsync(() -> bytes(process.getInputStream()), waiters);
            var stderr = CompletableFuture.supplyAsync(() -> bytes(process.getErrorStream()), waiters);
            var ended = CompletableFuture.allOf(stdout, stderr); // what kosli has started may hold them open
            try {
                CompletableFuture.anyOf(ended, item.has("as") ? stop : ended).get(left(end), TimeUnit.MILLISECONDS);
            } catch (TimeoutException late) {
                // told below
            }
            if (!ended.isDone()) {
                process.destroyForcibly();
                return result.put("error", "kosli was stopped, or did not finish in time");
            }
            String out = text(stdout.get()), err = text(stderr.get());
            return result.put("exit_code", process.waitFor()).put("stdout", out).put("stderr", err);
        } catch (Exception error) { // no such program, or not UTF-8
            String why = error.toString();
            boolean isMissing = why.matches("(?s).*\\berror(=|: )2\\b.*"); // the rest is in the system's language
            return JSON.createObjectNode().put("error", isMissing ? NO_KOSLI : why);
        }
    }

    private static byte[] bytes(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static String text(byte[] bytes) throws IOException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(null, task, "nodeploy", 16 << 20); // bytes of stack
        thread.setDaemon(true);
        return thread;
    }

    /** At the first Ctrl-C Java begins to end; it waits until what was done is said, and then ends with exit code 2. */
    private void stopOnSignals() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (OVER.getCount() > 0) {
                stop.complete(null);
                try {
                    OVER.await();
                } catch (InterruptedException again) {
                    // then at once
                }
                Runtime.getRuntime().halt(2);
            }
        }));
    }

    public static void main(String[] arguments) {
        String decision = "error";
        try {
            if (arguments.length != 3 && arguments.length != 4) {
                throw new IllegalArgumentException("usage: Nodeploy MODULE ENVIRONMENT ACTION [POLICY]");
            }
            if (!"UTF-8".equals(System.getProperty("sun.jnu.encoding"))) {
                throw new IllegalStateException("start Java with LC_ALL=C.UTF-8: kosli would get other arguments");
            }
            if (String.join("", arguments).contains("\ufffd")) {
                throw new IllegalArgumentException("an argument is not UTF-8");
            }
            String policy = Policy.of(arguments[2], arguments.length == 4 ? arguments[3] : null);
            Nodeploy nodeploy = new Nodeploy(Path.of(arguments[0]), policy.length() > LARGE, 4096, 60_000);
            nodeploy.stopOnSignals();
            decision = nodeploy.carryOut(arguments[1], arguments[2], policy);
        } catch (Throwable error) { // an error never lets a deployment through
            System.err.println("error: " + error.getMessage());
        }
        OVER.countDown();
        System.exit(decision.equals("proceed") ? 0 : decision.equals("refuse") ? 1 : 2);
    }
}
