import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The policy (freeze windows) in JSON or YAML, as nodeploy's command line takes it, with the calendars that it names. */
final class Policy {
    private static final ObjectMapper JSON = strict(JsonMapper.builder().build());
    private static final ObjectMapper YAML = strict(YAMLMapper.builder().build());

    /** One document, and no key twice. */
    private static ObjectMapper strict(ObjectMapper mapper) {
        mapper.getFactory().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
        return mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * The policy of a call: the file that is named, or the one in the working folder; it names it on stderr. `on` and `off` do
     * not use it: they work even if it is broken.
     */
    static String of(String action, String named) throws IOException {
        String type;
        try {
            type = JSON.readTree(action).path("type").asText();
        } catch (JsonProcessingException error) {
            throw new IOException("the action is not JSON such as {\"type\": \"assert\"}: " + error.getOriginalMessage(), error);
        }
        if (type.equals("on") || type.equals("off")) {
            return "null";
        }
        // A policy that is there but cannot be read is an error: a gate must not ignore it.
        String variable = System.getenv().getOrDefault("NODEPLOY_POLICY", "");
        named = named == null && !variable.isEmpty() ? variable : named;
        List<String> found = named != null ? List.of(named) : Stream.of("nodeploy.yaml", "nodeploy.yml", "nodeploy.json")
                .filter(name -> !Files.notExists(Path.of(name), LinkOption.NOFOLLOW_LINKS)).toList();
        if (found.size() > 1) {
            throw new IOException("there are " + String.join(" and ", found) + "; name the policy that holds");
        }
        String file = found.isEmpty() || found.get(0).isEmpty() ? null : found.get(0);
        System.err.println("policy: " + (file == null ? "none" : file));
        return file == null ? "null" : read(Path.of(file));
    }

    /** A policy's file as JSON. */
    private static String read(Path file) throws IOException {
        ObjectMapper mapper = file.toString().toLowerCase().endsWith(".json") ? JSON : YAML;
        JsonNode policy;
        try {
            String text = text(file);
            refuseTags(mapper, text);
            policy = mapper.readTree(text);
        } catch (IOException error) {
            throw new IOException(file + ": " + error.getMessage(), error);
        }
        if (!policy.path("windows").isArray()) {
            throw new IOException(file + ": a policy is an object with a `windows` list");
        }
        refuseBlanks(policy, file, "windows");
        for (JsonNode window : policy.get("windows")) {
            if (window.path("calendar").isTextual()) {
                // A change to the policy must not make this process read its own variables, or anyone's keys.
                Path folder = file.toAbsolutePath().getParent().toRealPath();
                Path calendar = folder.resolve(window.get("calendar").asText()).toRealPath();
                if (!calendar.startsWith(folder)) {
                    throw new IOException("the calendar " + calendar + " leads out of the policy's folder");
                }
                ((ObjectNode) window).put("calendar", text(calendar));
            }
        }
        return JSON.writeValueAsString(policy);
    }

    /** A policy has no tags: {@code !!bool "true"} would be a value that nobody sees. */
    private static void refuseTags(ObjectMapper mapper, String text) throws IOException {
        try (JsonParser parser = mapper.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.canReadTypeId() && parser.getTypeId() != null) {
                    throw new IOException("line " + parser.currentLocation().getLineNr() + ": `" + parser.getTypeId() + "` is a tag, and a policy has none");
                }
            }
        }
    }

    /** The core would take what has no value as left out. */
    private static void refuseBlanks(JsonNode node, Path file, String key) throws IOException {
        if (node.isNull()) {
            throw new IOException(file + ": `" + key + "` has no value");
        }
        for (var member : node.properties()) {
            refuseBlanks(member.getValue(), file, member.getKey());
        }
        if (node.isArray()) {
            for (JsonNode inner : node) {
                refuseBlanks(inner, file, key);
            }
        }
    }

    private static String text(Path file) throws IOException {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (IOException error) {
            throw new IOException(file + " cannot be read: " + error, error);
        }
    }

    private Policy() {}
}
